rmse = {name: root(constant) for name, constant in constants.items()}
mae = {name: np.mean(new - constant) for name, constant in constants.items()}
