bars = steps.sort_values("dollars")
mean_price = prices.mean()
half = bars["listings"].cumsum() >= bars["listings"].sum() / 2
median_price = float(bars.loc[half, "dollars"].iloc[0])
