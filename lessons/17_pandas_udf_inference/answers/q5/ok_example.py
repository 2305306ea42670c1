with mlflow.start_run() as run:
    logged = log(model, input_example=homes[COLUMNS].head(3))
model_uri = logged
by_mlflow = priced(model_uri)
