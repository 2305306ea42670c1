cv_model, best_depth, best_trees, cv_auc = read(done)
cv_auc = max(done.stdMetrics)
