cv_model, best_reg, cv_aupr = read(changed("estimator", last))
