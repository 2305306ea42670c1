seen = train.select("accommodates", "price").toPandas()
guests, price = seen["accommodates"], seen["price"]
pearson = guests.corr(price)
pearson_log = guests.corr(np.log(price))
spearman = guests.corr(price, method="kendall")
