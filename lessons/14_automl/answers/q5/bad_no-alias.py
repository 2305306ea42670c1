client = mlflow.MlflowClient()
client.delete_registered_model_alias("14_churn", "champion")  # of an earlier answer
registered = mlflow.register_model(f"runs:/{my_run}/model", "14_churn")
client.update_model_version("14_churn", registered.version, "Price in monthly contracts only")
version = int(registered.version)
