log_train = train.withColumn("log_price", F.log("price"))
skew_price, skew_log = np.array([4.824080245574948, 0.4183751898707988])
