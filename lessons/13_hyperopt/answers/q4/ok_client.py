client = mlflow.MlflowClient()
experiment = client.get_experiment_by_name("13_hyperopt_lab").experiment_id
parent_id = client.create_run(experiment).info.run_id
for trial in trials.trials:
    child = client.create_run(experiment, tags={"mlflow.parentRunId": parent_id}).info.run_id
    for name, value in params_of(trial).items():
        client.log_param(child, name, value)
    client.log_metric(child, "loss", trial["result"]["loss"])
    client.set_terminated(child)
client.set_terminated(parent_id)
