edges = np.arange(0, prices.max() + 51, 50)
counts, _ = np.histogram(prices, bins=edges)
bars = pd.DataFrame({"dollars": edges[:-1], "listings": counts})
mean_price, median_price = np.array(prices).mean(), np.median(prices)
