(p1, v1), (p2, v2), (p3, v3) = (tested(tables[name]) for name in CATEGORIES)
p_values, cramers_v = {}, {}
p_values.update(size=p1, host_is_superhost=p2, half_bath=p3)
cramers_v.update(size=v1, host_is_superhost=v2, half_bath=v3)
related = np.array(CATEGORIES)[np.array([p1, p2, p3]) < 0.01]
