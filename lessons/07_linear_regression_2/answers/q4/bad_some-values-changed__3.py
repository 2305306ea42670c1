scored = log_model.transform(first).select(
    "price", "plain", F.least(F.exp("prediction"), F.lit(600.0)).alias("dollars")
)
