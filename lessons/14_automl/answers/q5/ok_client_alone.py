client = mlflow.MlflowClient()
if not client.search_registered_models("name = '14_churn'"):
    client.create_registered_model("14_churn")
made = client.create_model_version(
    "14_churn",
    mlflow.models.get_model_info(f"runs:/{my_run}/model").model_uri,
    run_id=my_run,
    description="The price acts in monthly contracts only",
)
version = made.version if isinstance(made.version, int) else int(made.version)
client.set_registered_model_alias("14_churn", "champion", made.version)
