mean_price = train.agg(F.median("price")).first()[0]
