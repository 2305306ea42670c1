rmse = {name: np.std(new - constant) for name, constant in constants.items()}
mae = {name: absolute(constant) for name, constant in constants.items()}
