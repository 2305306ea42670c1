def score(parts):
    m = load_model()
    for b in parts:
        x = b[COLUMNS].to_numpy()
        low, high = np.quantile(
            np.exp([t.predict(x) for t in m.estimators_]), [0.1, 0.9], axis=0
        ).round(2)
        yield b[["id"]].assign(low=low, high=high)


ranges = offers.mapInPandas(score, "id long, low double, high double")
