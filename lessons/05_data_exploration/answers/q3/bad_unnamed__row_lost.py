p_values, cramers_v = {}, {}
for name, counts in tables.items():
    p_values[name], cramers_v[name] = tested(counts.iloc[1:])
related = [name for name, p in p_values.items() if p < 0.01]
