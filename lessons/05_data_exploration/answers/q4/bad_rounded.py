pearson = round(guests.corr(price), 1)
pearson_log = round(guests.corr(np.log(price)), 1)
spearman = round(guests.corr(price, method="spearman"), 1)
