every = train.unionAll(test).withColumns({"size": size, "half_bath": half}).toPandas()
p_values, cramers_v = {}, {}
for name in CATEGORIES:
    p_values[name], cramers_v[name] = tested(pd.crosstab(every["room_type"], every[name]))
related = [name for name, p in p_values.items() if p < 0.01]
