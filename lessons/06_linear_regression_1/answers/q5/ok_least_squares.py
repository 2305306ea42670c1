# Better when the rows fit into memory: fourteen Spark jobs become milliseconds of NumPy.
of_all_six = rmse_of(known, new)
cost = {name: rmse_of(known, new, others(name)) - of_all_six for name in FEATURES}
