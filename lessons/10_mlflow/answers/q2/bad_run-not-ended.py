write(wide)
old_rows = at(0)
made = client.create_run(experiment_id)
run_1 = made.info.run_id
for key, value in params().items():
    client.log_param(run_1, key, value)
client.log_metric(run_1, "validation_rmse", right)
