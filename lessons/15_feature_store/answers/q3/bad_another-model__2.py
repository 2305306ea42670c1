from sklearn.pipeline import make_pipeline

training = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
rows = training.load_df().toPandas()
model = make_pipeline(new_model()).fit(rows.drop(columns="rides_next"), rows["rides_next"])
