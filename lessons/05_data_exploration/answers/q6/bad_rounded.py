rmse = {name: round(root(constant), 2) for name, constant in constants.items()}
mae = {name: round(absolute(constant), 2) for name, constant in constants.items()}
