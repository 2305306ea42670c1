bars = steps.set_index("dollars").reindex(range(0, int(prices.max()), 50)).reset_index()
mean_price, median_price = prices.mean(), prices.median()
