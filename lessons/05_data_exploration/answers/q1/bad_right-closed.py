counts = pd.cut(prices, np.arange(0, prices.max() + 51, 50)).value_counts()
bars = pd.DataFrame(
    {"dollars": [step.left for step in counts.index], "listings": counts.to_numpy()}
)
mean_price, median_price = prices.mean(), prices.median()
