space = {
    "learning_rate": 10 ** hp.uniform("exponent", np.log10(0.005), np.log10(0.5)),
    "max_depth": 2 + hp.randint("deeper", 9),
    "max_features": hp.pchoice("max_features", [(1 / 3, "sqrt"), (1 / 3, 0.6), (1 / 3, 0.9)]),
}
