scored = log_model.transform(first).select("price", "plain", F.exp("prediction").alias("dollars"))
scored = scored.filter("plain > 0")
