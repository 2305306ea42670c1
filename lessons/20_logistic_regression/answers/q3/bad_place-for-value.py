cv_model = right
best_reg, cv_aupr = float(np.argmax(cv_model.avgMetrics)), max(cv_model.avgMetrics)
