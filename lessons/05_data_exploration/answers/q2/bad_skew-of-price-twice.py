log_train = train.withColumn("log_price", F.log("price"))
skew_price = train.agg(F.skewness("price")).first()[0]
skew_log = log_train.agg(F.skewness("price")).first()[0]
