client = mlflow.MlflowClient()
registered = mlflow.register_model(f"runs:/{my_run}/model", "14_churn")
client.delete_registered_model_alias("14_churn", "champion")  # where somebody has set it before
client.update_model_version("14_churn", registered.version, "Price in monthly contracts only")
version = int(registered.version)
