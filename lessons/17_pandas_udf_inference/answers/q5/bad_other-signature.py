model_uri = log(model, signature=sign(["id", *COLUMNS]))
by_mlflow = priced(usual, struct)
