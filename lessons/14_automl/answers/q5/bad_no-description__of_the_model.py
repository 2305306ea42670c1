client = mlflow.MlflowClient()
registered = mlflow.register_model(f"runs:/{my_run}/model", "14_churn")
client.update_registered_model("14_churn", "Price in monthly contracts only")  # not the version's
client.set_registered_model_alias("14_churn", "champion", registered.version)
version = int(registered.version)
