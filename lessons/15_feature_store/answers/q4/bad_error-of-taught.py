info = fe.log_model(
    model, "rides", flavor=mlflow.sklearn, training_set=training, serialization_format="cloudpickle"
)
scored = fe.score_batch(info.model_uri, keys).toPandas()
seen = training.load_df().toPandas()
rmse = float(
    np.sqrt(np.mean((model.predict(seen.drop(columns="rides_next")) - seen["rides_next"]) ** 2))
)
