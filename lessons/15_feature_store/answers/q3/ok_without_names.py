training = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
rows = training.load_df().toPandas()
inputs = rows[list(training.spec.model_columns)].to_numpy()
model = new_model().fit(inputs, rows["rides_next"].to_numpy())
