smearing = np.exp(residual).mean()
scored = scored.toPandas()
scores = measured_all(smearing, scored)
best = winners(scores)
