upper = (F.ceil(F.col("price") / 50) * 50).alias("dollars")
bars = train.groupBy(upper).agg(F.count("*").alias("listings")).toPandas()
mean_price, median_price = prices.mean(), prices.median()
