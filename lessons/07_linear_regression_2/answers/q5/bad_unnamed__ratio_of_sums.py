smearing = known["price"].sum() / np.exp(known["prediction"]).sum()
scores = measured_all(smearing)
best = winners(scores)
