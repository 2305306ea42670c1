bars = train.groupBy(F.col("price").alias("dollars")).agg(F.count("*").alias("listings")).toPandas()
mean_price, median_price = train.agg(F.mean("price"), F.median("price")).first()
