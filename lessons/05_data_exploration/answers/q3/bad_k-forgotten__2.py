import pandas as pd

seen = kinds.toPandas()
p_values, cramers_v = {}, {}
for name in CATEGORIES:
    counts = pd.crosstab(seen["room_type"], seen[name])
    chi2, p, *_ = stats.chi2_contingency(counts)
    p_values[name] = p
    cramers_v[name] = (chi2 / (len(seen) * min(counts.shape))) ** 0.5
related = [name for name, p in p_values.items() if p < 0.01]
