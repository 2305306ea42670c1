logs = log_model.transform(test).withColumn("dollars", F.round(F.exp("prediction"), 2))
both = plain.transform(logs.drop("prediction", "features", "label"))
scored = both.select("dollars", F.round("prediction", 2).alias("plain"), "price")
