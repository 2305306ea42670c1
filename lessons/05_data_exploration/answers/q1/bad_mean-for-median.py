step = (F.floor(F.col("price") / 50) * 50).alias("dollars")
bars = train.groupBy(step).agg(F.count("*").alias("listings")).toPandas()
mean_price = train.agg(F.mean("price")).first()[0]
median_price = train.agg(F.avg("price")).first()[0]
