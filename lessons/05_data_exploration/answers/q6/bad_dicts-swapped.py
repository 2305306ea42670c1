mae = {name: root(constant) for name, constant in constants.items()}
rmse = {name: absolute(constant) for name, constant in constants.items()}
