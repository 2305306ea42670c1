cv_model, best_reg, _ = read(right)
cv_aupr = min(cv_model.avgMetrics)
