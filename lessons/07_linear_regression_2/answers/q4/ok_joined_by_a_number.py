numbered = test.withColumn("number", F.monotonically_increasing_id()).localCheckpoint()
left = plain.transform(numbered).select("number", "price", F.col("prediction").alias("plain"))
right = log_model.transform(numbered).select("number", F.exp("prediction").alias("dollars"))
scored = left.join(right, "number").drop("number")
