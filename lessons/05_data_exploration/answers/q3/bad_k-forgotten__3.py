p_values = {name: tested(tables[name])[0] for name in CATEGORIES}
cramers_v = {}
for name, counts in tables.items():
    chi2 = stats.chi2_contingency(counts).statistic
    cramers_v[name] = (chi2 / (len(seen) * (max(counts.shape) - 1))) ** 0.5
related = [name for name, p in p_values.items() if p < 0.01]
