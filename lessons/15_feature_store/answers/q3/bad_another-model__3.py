training = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
model = new_model
