log_train = train.withColumn("log_price", F.log("price").cast("int"))
skew_price, skew_log = train.agg(F.skewness("price"), F.skewness(F.log("price"))).first()
