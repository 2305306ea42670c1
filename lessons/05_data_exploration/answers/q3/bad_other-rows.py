import pandas as pd

every = train.unionAll(test).withColumns({"size": size, "half_bath": half})
seen = every.select("room_type", *CATEGORIES).toPandas()
p_values, cramers_v = {}, {}
for name in CATEGORIES:
    counts = pd.crosstab(seen["room_type"], seen[name])
    chi2, p_values[name], *_ = stats.chi2_contingency(counts)
    cramers_v[name] = (chi2 / (len(seen) * (min(counts.shape) - 1))) ** 0.5
related = [name for name, p in p_values.items() if p < 0.01]
