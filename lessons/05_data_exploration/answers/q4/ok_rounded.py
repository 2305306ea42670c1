seen = train.select("accommodates", "price").toPandas()
guests, price = seen["accommodates"], seen["price"]
pearson = round(guests.corr(price), 4)
pearson_log = round(guests.corr(np.log(price)), 4)
spearman = round(guests.corr(price, method="spearman"), 3)
