mean_price = train.agg(F.avg("price")).first()[0]
guessed = test.withColumn("prediction", F.lit(mean_price))
error_of_the_mean = RegressionEvaluator(labelCol="price").evaluate(guessed)
