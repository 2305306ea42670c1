cost = {f: max(0.0, rmse_of(known, new, others(f)) - rmse_of(known, new)) for f in FEATURES}
