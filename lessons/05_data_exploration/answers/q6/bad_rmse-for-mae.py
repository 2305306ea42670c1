rmse = {name: root(constant) for name, constant in constants.items()}
mae = {name: root(constant) for name, constant in constants.items()}
