pearson, pearson_log = (
    train.unionAll(test).corr("accommodates", "price"),
    guests.corr(np.log(price)),
)
spearman = guests.corr(price, method="spearman")
