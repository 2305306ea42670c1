from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

log_model.transform(train).createOrReplaceTempView("known")
smearing = spark.sql("SELECT avg(price / exp(prediction)) FROM known").first()[0]
seen = scored.withColumn("smeared", F.lit(smearing) * F.col("dollars")).toPandas()
measures = {"rmse": root_mean_squared_error, "mae": mean_absolute_error, "r2": r2_score}
scores = {
    name: {metric: float(of(seen["price"], seen[column])) for metric, of in measures.items()}
    for name, column in (("plain", "plain"), ("log", "dollars"), ("smeared", "smeared"))
}
best = {}
for metric, sign in (("rmse", 1), ("mae", 1), ("r2", -1)):
    best[metric] = sorted(scores, key=lambda name: sign * scores[name][metric])[0]
