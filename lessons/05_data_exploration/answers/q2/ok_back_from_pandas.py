rows = train.toPandas()
rows["log_price"] = np.log(rows["price"])
log_train = spark.createDataFrame(rows)
skew_price, skew_log = rows["price"].skew(), rows["log_price"].skew()
