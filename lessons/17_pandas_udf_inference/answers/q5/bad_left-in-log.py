model_uri = usual
predict = mlflow.pyfunc.spark_udf(spark, model_uri, "double", env_manager="local")
by_mlflow = offers.select("id", predict(struct).alias("prediction"))
