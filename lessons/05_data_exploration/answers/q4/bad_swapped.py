pearson = guests.corr(price, method="spearman")
pearson_log = guests.corr(np.log(price))
spearman = guests.corr(price)
