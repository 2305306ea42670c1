results = {name: stats.chi2_contingency(counts) for name, counts in tables.items()}
p_values = {name: stats.chi2.cdf(found.statistic, found.dof) for name, found in results.items()}
cramers_v = {name: tested(tables[name])[1] for name in CATEGORIES}
related = [name for name, p in p_values.items() if p < 0.01]
