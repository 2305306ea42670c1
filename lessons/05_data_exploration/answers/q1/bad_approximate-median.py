bars = steps.copy()
mean_price = prices.mean()
median_price = train.approxQuantile("price", [0.5], 0.02)[0]
