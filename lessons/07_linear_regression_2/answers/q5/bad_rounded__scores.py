smearing = np.exp(residual).mean()
scores = {
    name: {m: round(float(v), 2) for m, v in row.items()}
    for name, row in measured_all(smearing).items()
}
best = winners(scores)
