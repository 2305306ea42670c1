training = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
rows = training.load_df().toPandas()
model = new_model().fit(rows.drop(columns=["rides_next", "rides_24h"]), rows["rides_next"])
