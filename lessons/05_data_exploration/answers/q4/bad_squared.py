pearson = guests.corr(price) ** 2
pearson_log = guests.corr(np.log(price))
spearman = guests.corr(price, method="spearman")
