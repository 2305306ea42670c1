p_values, cramers_v = {}, {}
for name in CATEGORIES:
    p_values[name], cramers_v[name] = tested(tables[name])
related = [name for name, p in p_values.items() if p < 0.01]
