step = (F.floor(F.col("price") / 50) * 50).alias("dollars")
up_to = train.filter("price < 1000")
bars = up_to.groupBy(step).agg(F.count("*").alias("listings")).toPandas()
mean_price, median_price = train.agg(F.mean("price"), F.median("price")).first()
