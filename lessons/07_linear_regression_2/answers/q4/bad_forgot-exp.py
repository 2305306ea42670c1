scored = log_model.transform(first).select("price", "plain", F.col("prediction").alias("dollars"))
