model_uri = usual
predict = mlflow.pyfunc.spark_udf(spark, model_uri, "double", env_manager="local")
spark.udf.register("forest_in_sql", predict)
offers.createOrReplaceTempView("offers_in_sql")
call = f"forest_in_sql({', '.join(COLUMNS)})"
by_mlflow = spark.sql(f"SELECT id, exp({call}) AS prediction FROM offers_in_sql")
