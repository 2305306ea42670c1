cv_model, best_depth, best_trees, cv_auc = read(done)
cv_auc = 100 * cv_auc
