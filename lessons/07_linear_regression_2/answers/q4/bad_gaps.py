priced = F.when(F.col("plain") > 0, F.col("plain")).alias("plain")
scored = log_model.transform(first).select("price", priced, F.exp("prediction").alias("dollars"))
