space = {
    "learning_rate": hp.loguniform("learning_rate", np.log10(0.005), np.log10(0.5)),
    "max_depth": depth,
    "max_features": share,
}
