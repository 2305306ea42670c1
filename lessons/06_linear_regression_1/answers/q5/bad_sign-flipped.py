cost = {f: rmse_of(known, new) - rmse_of(known, new, others(f)) for f in FEATURES}
