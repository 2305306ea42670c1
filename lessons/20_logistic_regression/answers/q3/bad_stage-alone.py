cv_model, best_reg, cv_aupr = read(right.copy({right.estimator: last}))
