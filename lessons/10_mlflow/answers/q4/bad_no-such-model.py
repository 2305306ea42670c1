q4_model = fresh("10_price")
version_0, version_1 = register(fresh("10_other"), RUNS)
