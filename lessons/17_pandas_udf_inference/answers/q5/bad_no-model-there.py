model_uri = usual.replace("models:", "runs:")
by_mlflow = priced(usual, struct)
