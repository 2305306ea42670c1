cost = {f: rmse_of(known, new, others(f)) ** 2 - rmse_of(known, new) ** 2 for f in FEATURES}
