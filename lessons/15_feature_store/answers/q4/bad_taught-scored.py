info = fe.log_model(
    model,
    "next_hour",
    flavor=mlflow.sklearn,
    training_set=training,
    serialization_format="cloudpickle",
)
scored = fe.score_batch(info.model_uri, taught).toPandas()
rmse = np.sqrt(((scored["prediction"] - scored["rides_next"]) ** 2).mean())
