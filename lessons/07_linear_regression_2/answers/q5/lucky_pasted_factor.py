smearing = np.float64(1.0906874308868106)
scores = measured_all(smearing)
best = winners(scores)
