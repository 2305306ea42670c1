cost = {f: rmse_of(known, new, others(f)) - rmse for f in FEATURES}
