rmse = {name: root(constant) for name, constant in constants.items()}
mae = {name: abs(np.mean(new - constant)) for name, constant in constants.items()}
