space = {
    "learning_rate": hp.loguniform("x", np.log(0.005), np.log(0.5)),
    "max_depth": hp.quniform("x", 2, 10, 1),
    "max_features": share,
}
