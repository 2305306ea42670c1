pearson = guests.corr(price)
pearson_log = guests.corr(price)
spearman = guests.corr(price, method="spearman")
