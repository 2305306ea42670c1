q4_model = fresh("10_price")
from contextlib import redirect_stdout

said = StringIO()
with redirect_stdout(said), redirect_stderr(said):
    later = mlflow.register_model(f"runs:/{run_1}/model", q4_model, tags={"label": "log_price"})
    sooner = mlflow.register_model(f"runs:/{run_0}/model", q4_model, tags={"label": "price"})
version_0, version_1 = int(sooner.version), int(later.version)
for each in client.search_model_versions(f"name = '{q4_model}'"):
    label = client.get_run(each.run_id).data.params["label"]
    client.update_model_version(each.name, each.version, description=f"Predicts {label} by a line")
best = min(RUNS, key=lambda run_id: client.get_run(run_id).data.metrics["validation_rmse"])
client.set_registered_model_alias(q4_model, "champion", {run_0: version_0, run_1: version_1}[best])
client.set_registered_model_alias(
    q4_model, "challenger", {run_1: version_0, run_0: version_1}[best]
)
