q4_model = fresh("10_price")
version_0, version_1 = register(q4_model, (run_1, run_1))
client.set_registered_model_alias(q4_model, "champion", ordered((version_0, version_1))[0])
