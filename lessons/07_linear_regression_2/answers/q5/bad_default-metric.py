residual = F.log("price") - F.col("prediction")
smearing = log_model.transform(train).agg(F.avg(F.exp(residual))).first()[0]
rows = scored.withColumn("smeared", F.col("dollars") * smearing).localCheckpoint()
scores = {}
for name, column in (("plain", "plain"), ("log", "dollars"), ("smeared", "smeared")):
    value = RegressionEvaluator(labelCol="price", predictionCol=column).evaluate(rows)
    scores[name] = {"rmse": value, "mae": value, "r2": value}
best = {metric: min(scores, key=lambda name: scores[name][metric]) for metric in ("rmse", "mae")}
best["r2"] = max(scores, key=lambda name: scores[name]["r2"])
