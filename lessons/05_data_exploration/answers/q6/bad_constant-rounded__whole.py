rmse = {name: root(round(constant)) for name, constant in constants.items()}
mae = {name: absolute(round(constant)) for name, constant in constants.items()}
