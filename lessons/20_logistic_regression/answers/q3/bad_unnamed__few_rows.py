cv_model, best_reg, cv_aupr = read(few_done)
