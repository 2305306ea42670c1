from pathlib import Path

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

q1_table = Path(given)
line = make_pipeline(StandardScaler(), LinearRegression()).fit(known[FEATURES], known["price"])
with mlflow.start_run() as run:
    mlflow.log_input(mlflow.data.load_delta(path=given, version="0"), context="training")
    mlflow.log_params(params(rows=len(known), columns=len(FEATURES)))
    mlflow.log_metrics({"validation_rmse": right, "training_rows": len(known)})
    mlflow.sklearn.log_model(line, name="model", **EXAMPLE)
run_0 = run.info.run_id
