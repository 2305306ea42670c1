space = {
    "learning_rate": hp.uniform("learning_rate", 0.005, 0.5),
    "max_depth": depth,
    "max_features": share,
}
