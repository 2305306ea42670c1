bars = steps.copy()
shown = prices[prices <= 1000]
mean_price, median_price = shown.mean(), shown.median()
