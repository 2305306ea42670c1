constant = LinearRegression(labelCol="price", regParam=1e9).fit(assembler.transform(train))
mean_price = train.select(F.mean("price")).collect()[0][0]
baseline_rmse = test.select(F.sqrt(F.mean(F.pow(F.col("price") - mean_price, 2)))).collect()[0][0]
gain = float(1 - rmse / baseline_rmse)
