def mae_of(columns):
    x, y = new
    return float(np.mean(np.abs(y - with_one(x, columns) @ weights(known, columns))))


cost = {f: mae_of(others(f)) - mae_of(FEATURES) for f in FEATURES}
