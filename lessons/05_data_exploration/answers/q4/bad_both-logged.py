pearson = guests.corr(price)
pearson_log = np.log(guests).corr(np.log(price))
spearman = guests.corr(price, method="spearman")
