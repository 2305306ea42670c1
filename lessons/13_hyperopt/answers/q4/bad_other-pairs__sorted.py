losses = iter(sorted(trials.losses()))
with mlflow.start_run() as run:
    for trial in trials.trials:
        with mlflow.start_run(nested=True):
            mlflow.log_params(params_of(trial))
            mlflow.log_metric("loss", next(losses))
parent_id = run.info.run_id
