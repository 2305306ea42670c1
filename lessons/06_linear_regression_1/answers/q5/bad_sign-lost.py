cost = {f: abs(rmse_of(known, new, others(f)) - rmse_of(known, new)) for f in FEATURES}
