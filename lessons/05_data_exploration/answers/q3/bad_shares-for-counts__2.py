p_values = {
    name: stats.chi2_contingency(100 * counts / len(seen)).pvalue for name, counts in tables.items()
}
cramers_v = {name: tested(tables[name])[1] for name in CATEGORIES}
related = [name for name, p in p_values.items() if p < 0.01]
