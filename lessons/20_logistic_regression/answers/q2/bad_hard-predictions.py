pipeline, model = right, fitted
auroc, aupr = both(scored.withColumn("class", F.col("prediction")), raw="class")
