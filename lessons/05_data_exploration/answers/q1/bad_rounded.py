bars = steps.copy()
mean_price = round(train.agg(F.mean("price")).first()[0], 2)
median_price = prices.median()
