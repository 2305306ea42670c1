learned = arrays(train)
cost = {f: rmse_of(learned, new, others(f)) - rmse_of(learned, new) for f in FEATURES}
