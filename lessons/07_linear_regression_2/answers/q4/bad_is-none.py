dollars = F.exp("prediction").alias("dollars")
scored = log_model.transform(first).select("price", "plain", dollars).show(5)
