seen = train.select("bedrooms", "price").toPandas()
rooms, price = seen["bedrooms"], seen["price"]
pearson = rooms.corr(price)
pearson_log = rooms.corr(np.log(price))
spearman = rooms.corr(price, method="spearman")
