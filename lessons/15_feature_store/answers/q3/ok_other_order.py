names = ["rides_24h", "rides_1h"]
lookup = FeatureLookup(
    table_name="station_hours",
    lookup_key=["station"],
    feature_names=names,
    timestamp_lookup_key="at",
    default_values={"rides_1h": 0, "rides_24h": 0},
)
training = fe.create_training_set(
    df=taught.drop("until"),
    feature_lookups=[lookup],
    label=["rides_next"],
    exclude_columns=("at", "station"),
)
table = training.load_df().toPandas()
model = new_model()
model.fit(table[["hour", *names]], table["rides_next"])
