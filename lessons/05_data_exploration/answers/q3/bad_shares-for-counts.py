p_values = {}
for name in CATEGORIES:
    shares = pd.crosstab(seen["room_type"], seen[name], normalize="index")
    p_values[name] = stats.chi2_contingency(shares).pvalue
cramers_v = {name: tested(tables[name])[1] for name in CATEGORIES}
related = [name for name, p in p_values.items() if p < 0.01]
