training = fe.create_training_set(
    taught,
    [
        FeatureLookup("station_hours", "station", name, timestamp_lookup_key="at")
        for name in ("rides_1h", "rides_24h")
    ],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
rows = training.load_df().toPandas()
model = new_model().fit(rows.drop(columns="rides_next"), rows["rides_next"])
