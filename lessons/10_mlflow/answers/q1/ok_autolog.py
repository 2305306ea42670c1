import os

q1_table = given
os.environ["MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT"] = "1"  # only to be quick
mlflow.sklearn.autolog(log_input_examples=True)
with mlflow.start_run():
    line = LinearRegression().fit(known[FEATURES], known["price"])
    mlflow.log_params(params())
    error = ((line.predict(unseen[FEATURES]) - unseen["price"]) ** 2).mean() ** 0.5
    mlflow.log_metric("validation_rmse", error)
mlflow.sklearn.autolog(disable=True)
del os.environ["MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT"]
run_0 = mlflow.last_active_run().info.run_id
