for trial in trials.trials:
    with mlflow.start_run() as run:
        mlflow.log_params(params_of(trial))
        mlflow.log_metric("loss", trial["result"]["loss"])
parent_id = run.info.run_id
