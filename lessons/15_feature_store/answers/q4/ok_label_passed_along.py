info = fe.log_model(
    model=model,
    artifact_path="demand",
    flavor=mlflow.sklearn,
    training_set=training,
    serialization_format="cloudpickle",
)
scored = fe.score_batch(info.model_uri, asked).toPandas()
rmse = float(np.linalg.norm(scored["prediction"] - scored["rides_next"]) / len(scored) ** 0.5)
