rate = hp.loguniform("learning_rate", np.log(0.05), np.log(0.5))
space = {"learning_rate": rate, "max_depth": depth, "max_features": share}
