bars = steps.copy()
mean_price = prices.mean()
median_price = train.unionAll(test).agg(F.median("price")).first()[0]
