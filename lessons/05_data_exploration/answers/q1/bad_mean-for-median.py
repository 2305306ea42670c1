bars = steps.copy()
mean_price = train.agg(F.mean("price")).first()[0]
median_price = train.agg(F.avg("price")).first()[0]
