cost = {f: f"{rmse_of(known, new, others(f)) - rmse_of(known, new):.2f}" for f in FEATURES}
