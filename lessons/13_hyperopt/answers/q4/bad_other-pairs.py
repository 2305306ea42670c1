with mlflow.start_run() as run:
    for trial in trials.trials:
        with mlflow.start_run(nested=True):
            mlflow.log_params(space_eval(space, best))
            mlflow.log_metric("loss", trial["result"]["loss"])
parent_id = run.info.run_id
