training = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
x = training.load_df().drop("rides_next").toPandas()
y = taught.orderBy(F.desc("rides_next")).toPandas()["rides_next"]
model = new_model().fit(x, y)
