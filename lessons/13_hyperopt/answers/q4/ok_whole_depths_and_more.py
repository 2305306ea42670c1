with mlflow.start_run() as run:
    mlflow.log_metric("best_loss", min(trials.losses()))
    for trial in trials:
        with mlflow.start_run(nested=True):
            params = params_of(trial)
            mlflow.log_param("max_features", params["max_features"])
            mlflow.log_param("max_depth", int(params["max_depth"]))
            mlflow.log_param("learning_rate", float(params["learning_rate"]))
            mlflow.log_metrics({"loss": trial["result"]["loss"], "tid": trial["tid"]})
parent_id = run.info.run_id
