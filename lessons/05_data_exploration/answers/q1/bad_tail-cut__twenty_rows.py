counts = train.groupBy(step).agg(F.count("*").alias("listings")).orderBy("dollars")
bars = counts.limit(20).toPandas()
mean_price, median_price = prices.mean(), prices.median()
