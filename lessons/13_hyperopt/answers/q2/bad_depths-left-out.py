depth = hp.quniform("max_depth", 2, 10, 2)
space = {"learning_rate": rate, "max_depth": depth, "max_features": share}
