import pandas as pd

prices = np.array(train.select("price").collect())[:, 0]
edges = np.arange(0, prices.max() + 51, 50)
counts, _ = np.histogram(prices, bins=edges)
bars = pd.DataFrame({"dollars": edges[:-1], "listings": counts})
mean_price, median_price = prices.mean(), np.median(prices)
