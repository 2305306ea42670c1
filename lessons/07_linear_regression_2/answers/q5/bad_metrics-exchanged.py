smearing = np.exp(residual).mean()
right = measured_all(smearing)
best = winners(right)
scores = {
    name: {"rmse": row["mae"], "mae": row["rmse"], "r2": row["r2"]} for name, row in right.items()
}
