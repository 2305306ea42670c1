q1_table = given
made = client.create_run(experiment_id)
run_0 = made.info.run_id
for key, value in params().items():
    client.log_param(run_0, key, value)
client.log_metric(run_0, "validation_rmse", right)
