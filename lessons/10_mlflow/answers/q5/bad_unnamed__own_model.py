q5_model = colleagues.model("Thursday")
run = client.get_run(run_0)
model = mlflow.models.get_model_info(f"runs:/{run_0}/model").model_uri
promoted = client.create_model_version(q5_model, model, run_0).version
