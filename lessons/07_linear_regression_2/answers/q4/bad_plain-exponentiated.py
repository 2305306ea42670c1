scored = log_model.transform(first).select(
    "price", F.exp("plain").alias("plain"), F.exp("prediction").alias("dollars")
)
