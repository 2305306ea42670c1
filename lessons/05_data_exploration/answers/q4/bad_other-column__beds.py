pearson = seen["beds"].corr(price)
pearson_log = seen["beds"].corr(np.log(price))
spearman = seen["beds"].corr(price, method="spearman")
