import statistics

bars = (prices // 50 * 50).value_counts().rename_axis("dollars").rename("listings")  # a Series
mean_price, median_price = statistics.fmean(prices), statistics.median_low(prices)
