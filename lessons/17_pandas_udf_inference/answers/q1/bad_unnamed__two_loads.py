def score(parts):
    m = load_model()
    trees = load_model().n_estimators
    for b in parts:
        yield b[["id"]].assign(prediction=np.exp(m.predict(b[COLUMNS].to_numpy())) * trees / 20)


scored = offers.mapInPandas(score, "id long, prediction double")
