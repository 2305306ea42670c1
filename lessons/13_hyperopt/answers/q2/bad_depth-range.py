space = {"learning_rate": rate, "max_depth": hp.randint("max_depth", 2, 10), "max_features": share}
