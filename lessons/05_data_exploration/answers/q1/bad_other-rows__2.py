bars = steps.copy()
mean_price, median_price = test.agg(F.mean("price"), F.median("price")).first()
