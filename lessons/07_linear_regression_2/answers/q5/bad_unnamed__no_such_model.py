smearing = np.exp(residual).mean()
scores = measured_all(smearing)
columns = {"plain": "plain", "log": "dollars", "smeared": "dollars * smearing"}
best = {metric: columns[name] for metric, name in winners(scores).items()}
