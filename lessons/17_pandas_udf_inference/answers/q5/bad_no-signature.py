model_uri = log(model)
by_mlflow = priced(model_uri, struct)
