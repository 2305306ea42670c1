pearson, pearson_log = guests.corr(price), guests.corr(np.log(price))
spearman = seen[["accommodates", "price"]].corr("spearman").iloc[0, 0]
