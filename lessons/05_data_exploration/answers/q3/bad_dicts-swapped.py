p_values, cramers_v = {}, {}
for name, counts in tables.items():
    cramers_v[name], p_values[name] = tested(counts)
related = [name for name, p in cramers_v.items() if p < 0.01]
