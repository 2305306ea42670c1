left = plain.transform(test).select("price", F.col("prediction").alias("plain"))
right = log_model.transform(test).select("price", F.exp("prediction").alias("dollars"))
scored = left.join(right, "price").dropDuplicates(["price"])
