client = mlflow.MlflowClient()
registered = summary.register("14_churn")
client.set_registered_model_alias("14_churn", "champion", registered.version)
version = int(registered.version)
