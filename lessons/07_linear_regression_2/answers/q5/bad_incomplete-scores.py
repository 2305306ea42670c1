smearing = np.exp(residual).mean()
scores = {
    name: {"rmse": row["rmse"], "mae": row["mae"]} for name, row in measured_all(smearing).items()
}
best = {m: min(scores, key=lambda name: scores[name][m]) for m in ("rmse", "mae")}
best["r2"] = best["rmse"]
