scored = log_model.transform(first).select("price", "plain", F.expm1("prediction").alias("dollars"))
