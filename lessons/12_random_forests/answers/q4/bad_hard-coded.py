cv_model, best_depth, best_trees, cv_auc = read(done)
best_depth = 6
