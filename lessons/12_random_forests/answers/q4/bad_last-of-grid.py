cv_model = done
best_depth, best_trees = four[-1].values()
cv_auc = cv_model.avgMetrics[-1]
