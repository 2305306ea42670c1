import numpy as np


def fences(rows, column):
    quartiles = np.quantile(rows.select(column).toPandas()[column].dropna(), [0.25, 0.75])
    return quartiles + 1.5 * np.array([-1, 1]) * np.diff(quartiles)


limits = fences(train_full, "price")
low, high = map(float, limits)
far = F.abs(F.col("price") - (low + high) / 2) > (high - low) / 2
flagged = test_full.select(far.alias("is_outlier"), *reversed(test_full.columns))
