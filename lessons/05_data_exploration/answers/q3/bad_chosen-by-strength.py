p_values = {name: tested(tables[name])[0] for name in CATEGORIES}
cramers_v = {name: tested(tables[name])[1] for name in CATEGORIES}
related = [name for name, v in cramers_v.items() if v > 0.1]
