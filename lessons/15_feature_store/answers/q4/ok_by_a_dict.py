info = fe.log_model(
    model, "rides", flavor=mlflow.sklearn, training_set=training, serialization_format="cloudpickle"
)
scored = fe.score_batch(info.model_uri, keys.orderBy(F.rand(1)), result_type="double").toPandas()
scored = scored[sorted(scored.columns)].sort_values("prediction")
import math

known = {(r.station, r.at): r.rides_next for r in asked.collect()}
errors = [
    p - known[s, a.to_pydatetime()]
    for s, a, p in zip(scored["station"], scored["at"], scored["prediction"], strict=True)
]
rmse = math.sqrt(sum(e * e for e in errors) / len(errors))
