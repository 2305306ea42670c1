seen = train.select("accommodates", "price").toPandas()
guests, price = seen["accommodates"], seen["price"]
pearson = guests.corr(price)
pearson_log = guests.corr(price)
spearman = guests.corr(price, method="spearman")
