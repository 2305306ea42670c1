counts = np.histogram(prices.clip(upper=1000), bins=np.arange(0, 1051, 50))[0]
bars = pd.DataFrame({"dollars": np.arange(0, 1001, 50), "listings": counts})
mean_price, median_price = prices.mean(), prices.median()
