rate = hp.choice("learning_rate", [0.005, 0.05, 0.5])
space = {"learning_rate": rate, "max_depth": depth, "max_features": share}
