p_values = {name: tested(tables[name])[0] for name in CATEGORIES}
cramers_v = {name: tested(tables[name])[1] for name in CATEGORIES}

related = []
keep = related.append
for name in CATEGORIES:
    if p_values[name] < 0.01:
        keep(name)
