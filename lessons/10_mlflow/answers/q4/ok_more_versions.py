q4_model = fresh("10_price")
register(q4_model, (colleagues.models[1],))
version_0, version_1 = register(q4_model, RUNS)
for number in ordered((version_0, version_1), reverse=True):
    client.set_registered_model_alias(q4_model, "champion", str(number))
