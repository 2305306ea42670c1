best_run = mlflow.models.get_model_info(f"runs:/{first(FAIR).info.run_id}/model").model_uri
