# Better when each run has files of its own to log: the workers share the work.
parent_id = parent(run_name="parent")
tracking = mlflow.get_tracking_uri()


def log_one(key, rows):
    worker = MlflowClient(tracking)
    run = worker.create_run(experiment, tags={"mlflow.parentRunId": parent_id}).info.run_id
    worker.log_param(run, "device_id", key[0])
    worker.log_metric(run, "rmse", rows["rmse"].iloc[0])
    worker.set_terminated(run)
    return rows[["device_id"]]


ten = models.orderBy(F.desc("rmse")).limit(10)
ten.groupBy("device_id").applyInPandas(log_one, "device_id int").collect()
