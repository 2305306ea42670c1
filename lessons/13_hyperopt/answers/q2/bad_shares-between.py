space = {
    "learning_rate": rate,
    "max_depth": depth,
    "max_features": hp.uniform("max_features", 0.6, 0.9),
}
