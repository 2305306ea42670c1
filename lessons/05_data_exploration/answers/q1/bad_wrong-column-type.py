bars = steps.assign(dollars=steps["dollars"].map("${}".format))
mean_price, median_price = prices.mean(), prices.median()
