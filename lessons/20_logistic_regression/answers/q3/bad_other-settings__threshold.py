lower = Pipeline(stages=[vectors, last.copy({last.threshold: 0.3})])
cv_model, best_reg, cv_aupr = read(changed("estimator", lower))
