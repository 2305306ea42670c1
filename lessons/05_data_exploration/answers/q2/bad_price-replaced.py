log_train = train.withColumn("price", F.log("price")).withColumn("log_price", F.col("price"))
skew_price = train.agg(F.skewness("price")).first()[0]
skew_log = log_train.agg(F.skewness("log_price")).first()[0]
