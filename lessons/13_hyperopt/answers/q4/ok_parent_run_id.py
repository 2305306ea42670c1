# Better when trials log from the workers: the parent is named by its id and need not be open there.
parent_id = mlflow.start_run(run_name="all trials").info.run_id
mlflow.end_run()
for trial in trials.trials:
    with mlflow.start_run(parent_run_id=parent_id, nested=True):
        mlflow.log_params(params_of(trial))
        mlflow.log_metric("loss", trial["result"]["loss"])
mlflow.end_run()
