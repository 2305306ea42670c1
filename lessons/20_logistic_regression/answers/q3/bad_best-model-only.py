_, best_reg, cv_aupr = read(right)
cv_model = right.bestModel
