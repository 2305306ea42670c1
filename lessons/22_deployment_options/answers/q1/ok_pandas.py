mean_price = train.select("price").toPandas()["price"].mean()
