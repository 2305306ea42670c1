smearing = np.exp(residual).mean()
scores = {}
for name, row in measured_all(smearing).items():
    scores[name] = {}
    for metric in row:
        scores[name][metric] = row[metric]
best = winners(scores)
