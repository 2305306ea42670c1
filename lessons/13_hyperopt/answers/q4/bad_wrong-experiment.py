set_experiment("13_elsewhere")
with mlflow.start_run() as run:
    for trial in trials.trials:
        with mlflow.start_run(nested=True):
            mlflow.log_params(params_of(trial))
            mlflow.log_metric("loss", trial["result"]["loss"])
parent_id = run.info.run_id
set_experiment("13_hyperopt_lab")
