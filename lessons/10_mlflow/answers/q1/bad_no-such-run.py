q1_table = given
run_0 = mlflow.models.get_model_info(f"runs:/{logged().info.run_id}/model").model_uri
