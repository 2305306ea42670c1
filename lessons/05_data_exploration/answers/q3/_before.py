import pandas as pd

seen = kinds.toPandas()
tables = {name: pd.crosstab(seen["room_type"], seen[name]) for name in CATEGORIES}


def tested(counts):
    """p and V of one table of counts."""
    chi2, p, *_ = stats.chi2_contingency(counts)
    return p, (chi2 / (counts.to_numpy().sum() * (min(counts.shape) - 1))) ** 0.5
