log_train = train.withColumn("log_price", F.log("price"))
skew_price = train.agg(F.skewness("price")).first()[0]
skew_log = train.unionAll(test).agg(F.skewness(F.log("price"))).first()[0]
