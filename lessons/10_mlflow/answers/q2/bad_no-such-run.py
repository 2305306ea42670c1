write(wide)
old_rows = at(0)
run_1 = mlflow.models.get_model_info(f"runs:/{logged().info.run_id}/model").model_uri
