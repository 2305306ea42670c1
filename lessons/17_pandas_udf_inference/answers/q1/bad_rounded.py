def score(parts):
    m = load_model()
    for b in parts:
        yield b[["id"]].assign(prediction=np.exp(m.predict(b[COLUMNS].to_numpy())).round(2))


scored = offers.mapInPandas(score, "id long, prediction double")
