smearing = np.exp(residual).mean()
scores = measured_all(smearing)
scores["plain"], scores["log"] = scores["log"], scores["plain"]
best = winners(scores)
