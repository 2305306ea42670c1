parent_id = parent()
for row in best.itertuples():
    tags = {"mlflow.parentRunId": parent_id}
    run = client.create_run("0", tags=tags).info.run_id
    client.log_batch(
        run, [Metric("rmse", row.rmse, now, 0)], [Param("device_id", f"{row.device_id}")]
    )
    client.set_terminated(run)
