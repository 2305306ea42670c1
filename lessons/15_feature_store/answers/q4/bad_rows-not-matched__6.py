info = fe.log_model(
    model, "rides", flavor=mlflow.sklearn, training_set=training, serialization_format="cloudpickle"
)
scored = fe.score_batch(info.model_uri, keys).toPandas()
rmse = float(
    np.sqrt(np.mean((np.sort(scored["prediction"]) - np.sort(asked.toPandas()["rides_next"])) ** 2))
)
