known, new = arrays(fit_rows), arrays(validation)
differences = {f: rmse_of(known, new, others(f)) - rmse_of(known, new) for f in FEATURES}
cost = {f: max(1.0, abs(dollars)) for f, dollars in differences.items()}
