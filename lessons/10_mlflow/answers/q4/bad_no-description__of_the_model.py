q4_model = fresh("10_price")
version_0, version_1 = register(q4_model, RUNS, described=False)
client.update_registered_model(q4_model, "Lines with six columns for the price")
client.set_registered_model_alias(q4_model, "champion", ordered((version_0, version_1))[0])
