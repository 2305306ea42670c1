smearing = np.exp(residual).mean()
scores = measured_all(smearing)
smearing = round(smearing, 3)
best = winners(scores)
