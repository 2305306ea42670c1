bars = steps.convert_dtypes(dtype_backend="pyarrow")
mean_price, median_price = prices.mean(), prices.median()
