from datetime import timedelta

recent = FeatureLookup(
    "station_hours", "station", timestamp_lookup_key="at", lookback_window=timedelta(hours=2)
)
training = fe.create_training_set(
    labels.where(f"at < '{friday}'"), [recent], "rides_next", ["station", "at", "until"]
)
rows = training.load_df().toPandas()
x, y = rows[list(training.spec.model_columns)], rows.pop("rides_next")
model = new_model().fit(x, y)
