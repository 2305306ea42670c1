pearson = guests.corr(price)
pearson_log = guests.corr(np.log(price))
spearman = guests.rank(method="dense").corr(price.rank(method="dense"))
