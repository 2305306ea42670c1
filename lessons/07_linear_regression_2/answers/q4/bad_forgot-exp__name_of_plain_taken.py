plain = plain.transform(test).withColumnRenamed("prediction", "plain").drop("features", "label")
scored = log_model.transform(plain).select("price", "plain", F.col("prediction").alias("dollars"))
