scored = log_model.transform(first).select(
    "price", F.round("plain").alias("plain"), F.round(F.exp("prediction")).alias("dollars")
)
