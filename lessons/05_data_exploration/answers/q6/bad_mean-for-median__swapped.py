rmse = {name: root(constant) for name, constant in constants.items()}
mae = {name: absolute(constant) for name, constant in constants.items()}
for table in (rmse, mae):
    table["mean"], table["median"] = table["median"], table["mean"]
