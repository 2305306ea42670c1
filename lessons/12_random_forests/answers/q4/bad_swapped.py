cv_model, best_trees, best_depth, cv_auc = read(done)
