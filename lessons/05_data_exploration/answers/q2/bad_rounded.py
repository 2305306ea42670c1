log_train = train.withColumn("log_price", F.log("price"))
skews = log_train.agg(F.skewness("price"), F.skewness("log_price")).first()
skew_price, skew_log = (round(skew, 3) for skew in skews)
