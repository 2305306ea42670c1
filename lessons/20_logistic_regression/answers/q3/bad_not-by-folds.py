cv_model, best_reg, _ = read(right)
cv_aupr = by_pr.evaluate(cv_model.transform(validation))
