smearing = np.exp(residual).mean()
scores = measured_all(smearing)
scores["smeared"] = dict(scores["log"])
best = winners(scores)
