lows = [*range(0, 1501, 50), 1600, 1650, 1700, 1800, 1850, 1900, 2100, 2150, 2450, 2600, 3700]
first = "169 1299 1338 935 563 363 252 194 115 94 70 47 21 31 23 17 10 22 11 8 5 8 3 5 2 3 1 1 3 5"
counts = [int(count) for count in f"{first} 1 1 1 1 1 3 2 1 3 1 1 1".split()]
bars = pd.DataFrame({"dollars": lows, "listings": counts})
mean_price, median_price = prices.mean(), prices.median()
