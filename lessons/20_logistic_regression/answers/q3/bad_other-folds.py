cv_model, best_reg, cv_aupr = read(right.copy({right.numFolds: 5}))
