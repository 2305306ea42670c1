left = plain.transform(test).select("price", F.col("prediction").alias("plain"))
left = left.withColumn("dollars", F.lit(None).cast("double"))
right = log_model.transform(test).select("price", F.exp("prediction").alias("dollars"))
scored = left.unionByName(right, allowMissingColumns=True)
