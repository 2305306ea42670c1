cv_model, best_reg, _ = read(right)
cv_aupr = np.mean(cv_model.avgMetrics)
