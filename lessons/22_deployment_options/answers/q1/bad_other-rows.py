mean_price = train.unionAll(test).agg(F.mean("price")).first()[0]
