rmse = {name: root(constant) for name, constant in constants.items()}
mae = {name: absolute(constant, known) for name, constant in constants.items()}
