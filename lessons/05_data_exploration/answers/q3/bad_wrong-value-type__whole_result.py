p_values = {name: stats.chi2_contingency(tables[name]) for name in CATEGORIES}
cramers_v = {name: tested(tables[name])[1] for name in CATEGORIES}
related = ["size", "half_bath"]
