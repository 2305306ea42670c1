cost = {f: rmse_of(known, new, others(f)) - rmse_of(known, new) for f in FEATURES}
cost = {f: int(dollars * 100) / 100 for f, dollars in cost.items()}
