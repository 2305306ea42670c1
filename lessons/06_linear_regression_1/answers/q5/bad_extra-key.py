cost = {f: rmse_of(known, new, others(f)) - rmse_of(known, new) for f in FEATURES}
cost["all"] = rmse_of(known, new)
