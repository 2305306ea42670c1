log_train = train.withColumn("log_price", F.log1p("price"))
skew_price, skew_log = log_train.agg(F.skewness("price"), F.skewness("log_price")).first()
