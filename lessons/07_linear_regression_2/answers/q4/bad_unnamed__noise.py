scored = log_model.transform(first).select(
    "price", (F.col("plain") + F.rand(7) - 0.5).alias("plain"), F.exp("prediction").alias("dollars")
)
