first = plain.transform(arrivals).withColumnRenamed("prediction", "plain").drop("features", "label")
scored = log_model.transform(first).select("price", "plain", F.exp("prediction").alias("dollars"))
