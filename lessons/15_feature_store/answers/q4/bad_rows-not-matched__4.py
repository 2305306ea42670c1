info = fe.log_model(
    model,
    "next_hour",
    flavor=mlflow.sklearn,
    training_set=training,
    serialization_format="cloudpickle",
)
scored = fe.score_batch(info.model_uri, keys).toPandas()
forecast = scored.sort_values("station")["prediction"].to_numpy()
came = asked.toPandas().sort_values("station")["rides_next"].to_numpy()
rmse = np.sqrt(((forecast - came) ** 2).mean())
