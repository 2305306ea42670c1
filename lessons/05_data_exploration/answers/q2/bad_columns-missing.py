log_train = train.select("price", F.log("price").alias("log_price"))
skew_price, skew_log = log_train.agg(F.skewness("price"), F.skewness("log_price")).first()
