bars = steps.assign(dollars=steps["dollars"] / 50)
mean_price, median_price = prices.mean(), prices.median()
