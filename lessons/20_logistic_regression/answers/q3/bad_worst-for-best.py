cv_model = right
place = int(np.argmin(cv_model.avgMetrics))
best_reg = next(iter(cv_model.getEstimatorParamMaps()[place].values()))
cv_aupr = cv_model.avgMetrics[place]
