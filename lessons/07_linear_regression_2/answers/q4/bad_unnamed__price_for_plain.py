dollars = F.exp("prediction").alias("dollars")
scored = log_model.transform(first).select("price", F.col("price").alias("plain"), dollars)
