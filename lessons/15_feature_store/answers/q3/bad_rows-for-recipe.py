training = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
).load_df()
rows = training.toPandas()
model = new_model().fit(rows.drop(columns="rides_next"), rows["rides_next"])
