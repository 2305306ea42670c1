rmse = {name: root(constant) for name, constant in constants.items()}
mae = {name: absolute(constant) for name, constant in constants.items()}
log_error = np.log(new) - np.log(known).mean()
rmse["log mean"] = np.sqrt(np.mean(log_error**2))
mae["log mean"] = np.mean(np.abs(log_error))
