bars = steps.assign(dollars=steps["dollars"] + 25)
mean_price, median_price = prices.mean(), prices.median()
