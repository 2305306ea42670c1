cv_model, best_reg, cv_aupr = read(with_best(fitted(FEATURES[:3])))
