p_values = {f"room_type_{name}": tested(tables[name])[0] for name in CATEGORIES}
cramers_v = {name: tested(tables[name])[1] for name in CATEGORIES}
related = [name for name in CATEGORIES if p_values[f"room_type_{name}"] < 0.01]
