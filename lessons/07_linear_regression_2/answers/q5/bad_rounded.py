smearing = round(np.exp(residual).mean(), 2)
scores = measured_all(smearing)
best = winners(scores)
