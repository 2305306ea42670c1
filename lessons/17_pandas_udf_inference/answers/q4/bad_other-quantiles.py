def price_range(batches):
    trees = load_model().estimators_
    for batch in batches:
        X = batch[COLUMNS].to_numpy()
        prices = np.exp([tree.predict(X) for tree in trees])
        low, high = np.quantile(prices, [0.05, 0.95], axis=0)
        yield batch[["id"]].assign(low=low, high=high)


ranges = offers.mapInPandas(price_range, "id long, low double, high double")
