cv_model = done
cv_auc = min(cv_model.avgMetrics)
worst = four[cv_model.avgMetrics.index(cv_auc)]
best_depth, best_trees = worst[forest.maxDepth], worst[forest.numTrees]
