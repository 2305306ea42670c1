model_uri = usual
by_mlflow = priced(usual, struct).withColumn("prediction", F.round("prediction").cast("int"))
