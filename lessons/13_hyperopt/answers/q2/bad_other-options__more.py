share = hp.choice("max_features", ["sqrt", "log2", 0.6, 0.9])
space = {"learning_rate": rate, "max_depth": depth, "max_features": share}
