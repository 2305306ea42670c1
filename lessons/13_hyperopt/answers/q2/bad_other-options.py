space = {
    "learning_rate": rate,
    "max_depth": depth,
    "max_features": hp.choice("max_features", ["sqrt", "log2"]),
}
