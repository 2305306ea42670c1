rmse = {name: f"{root(constant):.2f}" for name, constant in constants.items()}
mae = {name: f"{absolute(constant):.2f}" for name, constant in constants.items()}
