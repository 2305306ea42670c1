errors = {name: np.log(new) - np.log(constant) for name, constant in constants.items()}
rmse = {name: np.sqrt(np.mean(error**2)) for name, error in errors.items()}
mae = {name: np.mean(np.abs(error)) for name, error in errors.items()}
