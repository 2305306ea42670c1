every = np.append(known, new)
rmse = {name: root(constant, every) for name, constant in constants.items()}
mae = {name: absolute(constant, every) for name, constant in constants.items()}
