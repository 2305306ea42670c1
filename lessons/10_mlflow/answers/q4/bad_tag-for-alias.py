q4_model = fresh("10_price")
version_0, version_1 = register(q4_model, RUNS)
client.set_model_version_tag(q4_model, ordered((version_0, version_1))[0], "champion", "yes")
