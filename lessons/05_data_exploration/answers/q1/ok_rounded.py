step = (F.floor(F.col("price") / 50) * 50).alias("dollars")
bars = train.groupBy(step).agg(F.count("*").alias("listings")).toPandas()
mean_price = round(train.agg(F.mean("price")).first()[0], 2)
median_price = train.agg(F.median("price")).first()[0]
