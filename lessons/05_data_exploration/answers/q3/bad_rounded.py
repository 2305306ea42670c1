p_values = {name: tested(tables[name])[0] for name in CATEGORIES}
cramers_v = {name: round(tested(tables[name])[1], 2) for name in CATEGORIES}
related = [name for name, p in p_values.items() if p < 0.01]
