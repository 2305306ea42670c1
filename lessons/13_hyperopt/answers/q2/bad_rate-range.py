rate = hp.loguniform("learning_rate", np.log(0.005), np.log(0.05))
space = {"learning_rate": rate, "max_depth": depth, "max_features": share}
