scored = log_model.transform(first).select(
    "price", "plain", F.floor(F.exp("prediction")).cast("double").alias("dollars")
)
