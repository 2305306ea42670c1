tested = arrays(test)
cost = {f: rmse_of(known, tested, others(f)) - rmse_of(known, tested) for f in FEATURES}
