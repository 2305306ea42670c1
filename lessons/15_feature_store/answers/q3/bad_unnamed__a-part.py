training = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
local = training.load_df().limit(200).toPandas()
model = new_model().fit(local.drop(columns="rides_next"), local["rides_next"])
