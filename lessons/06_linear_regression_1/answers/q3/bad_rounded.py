mean_price = train.agg(F.avg("price")).first()[0]
guessed = test.withColumn("prediction", F.lit(mean_price))
baseline_rmse = RegressionEvaluator(labelCol="price").evaluate(guessed)
gain = round(1 - rmse / baseline_rmse, 2)
