space = {
    "learning_rate": rate,
    "max_depth": depth,
    "max_features": share,
    "n_estimators": hp.quniform("n", 10, 50, 5),
}
