bars = train.groupBy(F.col("price").alias("dollars")).agg(F.count("*").alias("listings")).toPandas()
mean_price, median_price = prices.mean(), prices.median()
