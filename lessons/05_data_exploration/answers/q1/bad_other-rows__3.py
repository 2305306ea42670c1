bars = test.groupBy(step).agg(F.count("*").alias("listings")).toPandas()
mean_price, median_price = prices.mean(), prices.median()
