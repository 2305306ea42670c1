smearing = float(np.sum(residual.to_numpy()[::-1]) / len(residual))
scores = measured_all(smearing)
best = winners(scores)
