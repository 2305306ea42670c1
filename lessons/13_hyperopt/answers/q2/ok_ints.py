# Better when the objective should get whole numbers: uniformint draws ints.
space = {
    "learning_rate": hp.loguniform("lr", -5.298317366548036, -0.6931471805599453),
    "max_depth": hp.uniformint("depth", 2, 10),
    "max_features": hp.choice("share", ("sqrt", 0.6, 0.9)),
}
