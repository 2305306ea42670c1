smearing = np.exp(residual.mean())
scores = measured_all(smearing)
best = winners(scores)
