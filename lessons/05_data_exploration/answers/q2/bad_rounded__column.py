log_train = train.withColumn("log_price", F.round(F.log("price"), 2))
skew_price, skew_log = train.agg(F.skewness("price"), F.skewness(F.log("price"))).first()
