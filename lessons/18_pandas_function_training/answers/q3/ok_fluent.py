with mlflow.start_run(run_name="parent") as outer:
    for device, rmse in best[["device_id", "rmse"]].to_numpy():
        with mlflow.start_run(nested=True, run_name=f"device {device:.0f}"):
            mlflow.log_params({"device_id": int(device), "why": "large error"})
            mlflow.log_metrics({"rmse": rmse})
parent_id = outer.info.run_id
