info = fe.log_model(
    model,
    "by_key",
    flavor=mlflow.sklearn,
    training_set=training,
    serialization_format="cloudpickle",
)
found = fe.score_batch(info.model_uri, keys.select("hour", "at", "station")).cache()
scored = found.toPandas()
gap = F.col("prediction") - F.col("rides_next")
both = found.join(asked.select("station", "at", "rides_next"), ["station", "at"])
rmse = both.agg(F.sqrt(F.avg(gap * gap))).first()[0]
