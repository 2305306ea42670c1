cv_model, best_reg, cv_aupr = read(right)
cv_aupr = round(cv_aupr, 4)
