cv_model, best_reg, cv_aupr = read(search(test_rows))
