model_uri = usual
predict = mlflow.pyfunc.spark_udf(spark, model_uri, "double", env_manager="local")
by_mlflow = offers.select("id", F.pow(F.lit(10.0), predict(struct)).alias("prediction"))
