from decimal import Decimal

of_all_six = rmse_of(known, new)
cost = {f: Decimal(repr(rmse_of(known, new, others(f)) - of_all_six)) for f in FEATURES}
