left = plain.transform(test).select("price", F.col("prediction").alias("plain")).toPandas()
right = log_model.transform(test).select(F.exp("prediction").alias("dollars")).toPandas()
left["dollars"] = right.sample(frac=1, random_state=1)["dollars"].to_numpy()
scored = spark.createDataFrame(left)
