q4_model = fresh("10_price")
version_0, version_1 = (f"models:/{q4_model}/{n}" for n in register(q4_model, RUNS))
