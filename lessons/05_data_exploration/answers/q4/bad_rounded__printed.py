pearson, pearson_log = guests.corr(price), guests.corr(np.log(price))
spearman = float(f"{guests.corr(price, method='spearman'):.3f}")
