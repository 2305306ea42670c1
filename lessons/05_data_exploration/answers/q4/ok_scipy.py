pearson = stats.pearsonr(guests, price).statistic
pearson_log = np.corrcoef(guests, np.log(price))[0, 1]
spearman = stats.spearmanr(guests, price).correlation
