model_uri = usual
priced_by_model = priced(model_uri, struct)
by_mlflow = priced_by_model.withColumn("prediction", F.round("prediction", 2))
