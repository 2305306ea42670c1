rows = fit_rows.unionAll(validation).unionAll(test_rows)
cv_model, best_reg, cv_aupr = read(with_best(fitted(rows=rows)))
