log_train = train.select("*", F.ln(F.col("price")).alias("log_price"))
seen = log_train.select("price", "log_price").toPandas()
skew_price, skew_log = seen["price"].skew(), seen["log_price"].skew()
