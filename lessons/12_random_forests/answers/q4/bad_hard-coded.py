cv_model = done
best_depth = 6
best_trees = cv_model.bestModel.stages[-1].getNumTrees
cv_auc = max(cv_model.avgMetrics)
