bars = train.groupBy(step).agg(F.count("*").alias("listings")).show()
mean_price, median_price = prices.mean(), prices.median()
