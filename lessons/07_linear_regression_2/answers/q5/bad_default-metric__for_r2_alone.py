smearing = np.exp(residual).mean()
scores = measured_all(smearing)
for row in scores.values():
    row["r2"] = row["rmse"]
best = winners(scores)
