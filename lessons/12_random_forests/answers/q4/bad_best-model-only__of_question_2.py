_, best_depth, best_trees, cv_auc = read(done)
cv_model = model
