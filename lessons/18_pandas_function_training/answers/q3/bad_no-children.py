parent_id = parent()
for row in best.itertuples():
    with mlflow.start_run(nested=True):
        mlflow.log_param("device_id", row.device_id)
        mlflow.log_metric("rmse", row.rmse)
