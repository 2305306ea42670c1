rate = hp.loguniform("learning_rate", np.log(0.005), np.log(0.5))
depth = hp.quniform("max_depth", 2, 10, 1)
share = hp.choice("max_features", ["sqrt", 0.6, 0.9])
