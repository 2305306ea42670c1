rate = hp.qloguniform("learning_rate", np.log(0.005), np.log(0.5), 0.005)
space = {"learning_rate": rate, "max_depth": depth, "max_features": share}
