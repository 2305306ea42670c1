edges = np.arange(0, prices.max() + 51, 50)
counts = pd.Series(np.digitize(prices, edges)).value_counts()
bars = pd.DataFrame({"dollars": counts.index, "listings": counts.values})
mean_price, median_price = prices.mean(), prices.median()
