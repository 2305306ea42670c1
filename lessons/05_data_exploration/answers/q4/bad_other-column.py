rooms = seen["bedrooms"]
pearson = rooms.corr(price)
pearson_log = rooms.corr(np.log(price))
spearman = rooms.corr(price, method="spearman")
