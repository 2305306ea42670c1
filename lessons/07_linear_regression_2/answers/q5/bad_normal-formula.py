smearing = np.exp(residual.var() / 2)
scores = measured_all(smearing)
best = winners(scores)
