facts = models.toPandas().sort_values("rmse", ascending=False)
best = facts.head(10)
client, now = MlflowClient(), int(time.time() * 1000)


def parent(**given):
    with mlflow.start_run(**given) as run:
        return run.info.run_id


def child(above, row, end=True, param="device_id", metric="rmse", **changed):
    """A child as it is due, but for what is given."""
    tags = {"mlflow.parentRunId": above} if above else {}
    values = {"device_id": str(row.device_id), "rmse": row.rmse} | changed
    run = client.create_run(experiment, tags=tags).info.run_id
    metrics = [Metric(metric, values["rmse"], now, 0)] if metric else []
    params = [Param(param, values["device_id"])] if param else []
    client.log_batch(run, metrics, params)
    if end:
        client.set_terminated(run)
    return run


def children(above, rows=None, **how):
    return [child(above, row, **how) for row in (best if rows is None else rows).itertuples()]
