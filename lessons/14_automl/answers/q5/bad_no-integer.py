client = mlflow.MlflowClient()
registered = mlflow.register_model(f"runs:/{my_run}/model", "14_churn")
client.update_model_version("14_churn", registered.version, "Price in monthly contracts only")
client.set_registered_model_alias("14_churn", "champion", registered.version)
version = f"{registered.version}"
