scored = log_model.transform(first).select(
    "price", F.abs("plain").alias("plain"), F.exp("prediction").alias("dollars")
)
