tested = arrays(test)
learned = arrays(train)
cost = {f: rmse_of(learned, tested, others(f)) - rmse for f in FEATURES}
