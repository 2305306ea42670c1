model_uri = usual
by_mlflow = priced(usual, struct).withColumn("id", len(homes) - 1 - F.col("id"))
