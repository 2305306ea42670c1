q4_model = fresh("10_price")
version_0, version_1 = register(q4_model, RUNS)
client.set_registered_model_alias(q4_model, "champion", ordered((version_0, version_1))[1])
