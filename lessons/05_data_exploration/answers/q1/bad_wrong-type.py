bars = train.groupBy(step).agg(F.count("*").alias("listings"))
mean_price, median_price = prices.mean(), prices.median()
