cv_model, best_reg, cv_aupr = read(with_best(fitted(rows=fit_rows.limit(300))))
