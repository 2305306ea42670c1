space = {
    "max_features": share,
    "learning_rate": rate,
    "max_depth": hp.choice("max_depth", range(2, 11)),
}
