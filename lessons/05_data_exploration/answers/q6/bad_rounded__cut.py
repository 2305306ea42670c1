rmse = {name: int(root(constant)) for name, constant in constants.items()}
mae = {name: int(absolute(constant)) for name, constant in constants.items()}
