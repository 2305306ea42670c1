cv_model, best_depth, best_trees, _ = read(done)
cv_auc = auc_seen
