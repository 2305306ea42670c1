from sklearn.linear_model import LinearRegression

training = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
rows = training.load_df().toPandas()
model = LinearRegression().fit(rows.drop(columns="rides_next"), rows["rides_next"])
