pearson = guests.corr(price)
pearson_log = guests.corr(np.log(price))
spearman = train.corr("accommodates", "price")
