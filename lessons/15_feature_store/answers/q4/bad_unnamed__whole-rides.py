info = fe.log_model(
    model, "rides", flavor=mlflow.sklearn, training_set=training, serialization_format="cloudpickle"
)
scored = fe.score_batch(info.model_uri, keys).toPandas()
truth = asked.select("station", "at", "rides_next").toPandas()
both = scored.merge(truth, on=["station", "at"])
rmse = float(np.sqrt(((both["prediction"].round() - both["rides_next"]) ** 2).mean()))
