model_uri = usual
logs = mlflow.pyfunc.load_model(model_uri).predict(homes[COLUMNS])
by_mlflow = spark.createDataFrame(homes[["id"]].assign(prediction=np.exp(logs)))
