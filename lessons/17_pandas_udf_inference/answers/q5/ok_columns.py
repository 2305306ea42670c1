model_uri = usual
by_mlflow = priced(model_uri, *COLUMNS)
