smearing = np.exp(residual).mean()
scores = measured_all(smearing)
best = {m: max(scores, key=lambda name: scores[name][m]) for m in ("rmse", "mae")}
best["r2"] = min(scores, key=lambda name: scores[name]["r2"])
