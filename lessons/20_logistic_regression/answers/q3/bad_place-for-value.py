cv_model = search(fit_rows, estimatorParamMaps=three[::-1])
best_reg, cv_aupr = float(np.argmax(cv_model.avgMetrics)), max(cv_model.avgMetrics)
