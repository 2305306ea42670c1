rows = assembler.transform(train).withColumn("log_price", F.log("price"))
every = assembler.transform(train.unionAll(test)).withColumn("log_price", F.log("price"))
learned = LinearRegression(labelCol="log_price").fit(every)
guess, true = np.array(learned.transform(rows).select("prediction", "log_price").collect()).T
spread_ratio = ratio(plain_size, plain_guess)
log_spread_ratio = ratio(np.abs(true - guess), guess)
assumption = "homoscedasticity"
