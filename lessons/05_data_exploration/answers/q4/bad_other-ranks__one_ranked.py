pearson, pearson_log = guests.corr(price), guests.corr(np.log(price))
spearman = guests.corr(price.rank())
