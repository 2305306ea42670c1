bars = steps.copy()
mean_price, median_price = int(prices.mean()), prices.median()
