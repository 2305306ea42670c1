left = plain.transform(test).select("price", "bedrooms", F.col("prediction").alias("plain"))
right = log_model.transform(test).select("price", "bedrooms", F.exp("prediction").alias("dollars"))
scored = left.join(right, ["price", "bedrooms"]).select("price", "plain", "dollars")
