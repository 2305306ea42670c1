q4_model = fresh("10_price")
version_0, version_1 = register(q4_model, RUNS)
for number in (version_0, version_1):
    client.update_model_version(q4_model, number, "A line with six columns")
client.set_registered_model_alias(q4_model, "champion", ordered((version_0, version_1))[0])
