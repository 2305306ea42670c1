rate = hp.lognormal("learning_rate", np.log(0.05), 1)
space = {"learning_rate": rate, "max_depth": depth, "max_features": share}
