smearing = (
    log_model.transform(train).agg(F.avg(F.exp(F.log("price") - F.col("prediction")))).first()[0]
)
guesses = {"plain": F.col("plain"), "log": F.col("dollars"), "smeared": F.col("dollars") * smearing}
scores = {name: {} for name in guesses}
for metric in ("rmse", "mae", "r2"):
    evaluator = RegressionEvaluator(labelCol="price", metricName=metric)
    for name, guess in guesses.items():
        scores[name][metric] = evaluator.evaluate(scored.withColumn("prediction", guess))
best = winners(scores)
