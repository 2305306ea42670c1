training = fe.create_training_set(
    df=taught.repartition(5),
    feature_lookups=[FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
import pandas as pd

local = pd.DataFrame([r.asDict() for r in training.load_df().collect()])
inputs = [c for c in local if c != "rides_next"]
model = new_model().fit(local[inputs].astype(float), local["rides_next"].astype(float))
