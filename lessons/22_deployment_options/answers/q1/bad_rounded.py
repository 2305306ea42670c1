mean_price = round(train.agg(F.mean("price")).first()[0], 1)
