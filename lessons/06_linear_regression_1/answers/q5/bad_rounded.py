cost = {f: round(rmse_of(known, new, others(f)) - rmse_of(known, new), 2) for f in FEATURES}
