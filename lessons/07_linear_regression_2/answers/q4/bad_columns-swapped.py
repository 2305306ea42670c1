first = plain.transform(test).withColumnRenamed("prediction", "dollars").drop("features", "label")
scored = log_model.transform(first).select("price", F.exp("prediction").alias("plain"), "dollars")
