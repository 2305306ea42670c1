cut = pd.cut(prices, range(0, int(prices.max()) + 51, 50), right=False)
bars = prices.groupby(cut, observed=False).size().rename("listings").reset_index()
bars["dollars"] = [step.left for step in bars["price"]]
mean_price, median_price = prices.mean(), prices.median()
