q4_model = fresh("10_price")
register(q4_model, RUNS)
version_0, version_1 = 0, 1
