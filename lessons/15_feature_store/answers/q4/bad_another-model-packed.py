info = fe.log_model(
    model,
    "next_hour",
    flavor=mlflow.sklearn,
    training_set=training,
    serialization_format="cloudpickle",
)
scored = fe.score_batch(info.model_uri, keys).toPandas()
judged = scored.merge(asked.toPandas()[["station", "at", "rides_next"]], on=["station", "at"])
rmse = np.sqrt(((judged["prediction"] - judged["rides_next"]) ** 2).mean())
rows = training.load_df().toPandas()
other = DecisionTreeRegressor(max_depth=1).fit(rows.drop(columns="rides_next"), rows["rides_next"])
info = fe.log_model(
    other,
    "next_hour",
    flavor=mlflow.sklearn,
    training_set=training,
    serialization_format="cloudpickle",
)
