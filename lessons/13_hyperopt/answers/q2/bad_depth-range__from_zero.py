space = {"learning_rate": rate, "max_depth": hp.randint("max_depth", 11), "max_features": share}
