bars = train.filter("price <= 1020").groupBy(step).agg(F.count("*").alias("listings")).toPandas()
mean_price, median_price = prices.mean(), prices.median()
