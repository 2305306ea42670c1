log_train = train.withColumn("log_price", F.log("price"))
skew_log, skew_price = log_train.agg(F.skewness("price"), F.skewness("log_price")).first()
