model_uri = usual
by_mlflow = scored
