log_train = train.withColumn("log_price", F.log("price")).show(3)
skew_price, skew_log = train.agg(F.skewness("price"), F.skewness(F.log("price"))).first()
