p_values = {name: stats.chi2_contingency(tables[name]).statistic for name in CATEGORIES}
cramers_v = {name: tested(tables[name])[1] for name in CATEGORIES}
related = [name for name, p in p_values.items() if p > 10]
