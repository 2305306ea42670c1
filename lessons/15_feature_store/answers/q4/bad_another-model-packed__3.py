fewer = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", "rides_1h", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
rows = fewer.load_df().toPandas()
other = new_model().fit(rows.drop(columns="rides_next"), rows["rides_next"])
info = fe.log_model(
    other,
    "next_hour",
    flavor=mlflow.sklearn,
    training_set=fewer,
    serialization_format="cloudpickle",
)
scored = fe.score_batch(info.model_uri, keys).toPandas()
judged = scored.merge(asked.toPandas()[["station", "at", "rides_next"]], on=["station", "at"])
rmse = np.sqrt(((judged["prediction"] - judged["rides_next"]) ** 2).mean())
