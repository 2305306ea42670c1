rmse = {name: np.mean(np.sqrt((new - constant) ** 2)) for name, constant in constants.items()}
mae = {name: absolute(constant) for name, constant in constants.items()}
