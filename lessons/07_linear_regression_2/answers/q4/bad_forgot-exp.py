first = plain.transform(test).withColumnRenamed("prediction", "plain").drop("features", "label")
scored = log_model.transform(first).select("price", "plain", F.col("prediction").alias("dollars"))
