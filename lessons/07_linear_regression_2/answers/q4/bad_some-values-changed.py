scored = log_model.transform(first).select(
    "price", F.greatest("plain", F.lit(50.0)).alias("plain"), F.exp("prediction").alias("dollars")
)
