with mlflow.start_run() as run, mlflow.start_run(nested=True):
    mlflow.log_params(space_eval(space, trials.argmin))
    mlflow.log_metric("loss", min(trials.losses()))
parent_id = run.info.run_id
