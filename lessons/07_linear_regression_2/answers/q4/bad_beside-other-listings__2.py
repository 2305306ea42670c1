both = plain.transform(test).select("price", F.col("prediction").alias("plain")).toPandas()
dollars = log_model.transform(test.orderBy("price")).select(F.exp("prediction")).toPandas()
scored = spark.createDataFrame(both.assign(dollars=dollars.iloc[:, 0]))
