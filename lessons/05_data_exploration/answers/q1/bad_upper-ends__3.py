step = (F.floor(F.col("price") / 50) * 50 + 25).alias("dollars")
bars = train.groupBy(step).agg(F.count("*").alias("listings")).toPandas()
mean_price, median_price = train.agg(F.mean("price"), F.median("price")).first()
