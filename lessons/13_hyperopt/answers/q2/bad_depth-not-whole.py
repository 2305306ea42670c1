space = {"learning_rate": rate, "max_depth": hp.uniform("max_depth", 2, 10), "max_features": share}
