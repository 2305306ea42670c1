rmse = {name: root(constant) for name, constant in constants.items()}
mae = {name.replace(" ", "_"): absolute(constant) for name, constant in constants.items()}
