info = fe.log_model(
    model,
    "next_hour",
    flavor=mlflow.sklearn,
    training_set=training,
    serialization_format="cloudpickle",
)
scored = fe.score_batch(info.model_uri, keys).toPandas()
judged = scored.merge(asked.toPandas()[["station", "rides_next"]], on="station")
rmse = np.sqrt(((judged["prediction"] - judged["rides_next"]) ** 2).mean())
