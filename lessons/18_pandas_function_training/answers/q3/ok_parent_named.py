with mlflow.start_run() as top:
    parent_id = top.info.run_id
for row in best.itertuples():
    with mlflow.start_run(nested=True, parent_run_id=parent_id):
        mlflow.log_param("device_id", row.device_id)
        mlflow.log_metric("rmse", row.rmse)
