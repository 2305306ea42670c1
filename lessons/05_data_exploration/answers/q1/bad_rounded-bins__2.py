counts = (np.round(prices / 50) * 50).value_counts()
bars = pd.DataFrame({"dollars": counts.index, "listings": counts.values})
mean_price, median_price = prices.mean(), prices.median()
