p_values = {name: tested(tables[name])[0] for name in CATEGORIES}
cramers_v = {name: tested(tables[name])[1] for name in CATEGORIES}
related = [name for name, p in p_values.items() if p < 0.01]
p_values = {name: f"{p:.4f}" for name, p in p_values.items()}
cramers_v = {name: f"{v:.4f}" for name, v in cramers_v.items()}
