rate = hp.loguniform("learning_rate", -np.inf, np.log(0.5))
space = {"learning_rate": rate, "max_depth": depth, "max_features": share}
