learned = arrays(train)
cost = {f: rmse_of(learned, learned, others(f)) - rmse_of(learned, learned) for f in FEATURES}
