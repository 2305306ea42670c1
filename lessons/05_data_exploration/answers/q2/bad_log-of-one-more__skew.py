log_train = train.withColumn("log_price", F.log("price"))
skew_price, skew_log = train.agg(F.skewness("price"), F.skewness(F.log1p("price"))).first()
