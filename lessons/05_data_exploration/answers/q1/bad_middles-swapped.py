bars = steps.copy()
median_price, mean_price = train.agg(F.mean("price"), F.median("price")).first()
