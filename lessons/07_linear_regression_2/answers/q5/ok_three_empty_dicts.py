smearing = np.exp(residual).mean()
scores = {"plain": {}, "log": {}, "smeared": {}}
for name, row in measured_all(smearing).items():
    for metric, value in row.items():
        scores[name][metric] = value
best = winners(scores)
