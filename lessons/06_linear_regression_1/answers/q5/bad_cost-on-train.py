cost = {f: rmse_of(known, known, others(f)) - rmse_of(known, known) for f in FEATURES}
