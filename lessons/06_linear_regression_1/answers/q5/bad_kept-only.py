cost = {f: rmse_of(known, new, [f]) - rmse_of(known, new) for f in FEATURES}
