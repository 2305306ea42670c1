mean_price = train.agg(F.avg("price")).first()[0]
guessed = train.withColumn("prediction", F.lit(mean_price))
baseline_rmse = RegressionEvaluator(labelCol="price").evaluate(guessed)
gain = 1 - rmse / baseline_rmse
