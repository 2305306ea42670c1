log_train = train.unionAll(test).withColumn("log_price", F.log("price"))
skew_price, skew_log = log_train.agg(F.skewness("price"), F.skewness("log_price")).first()
