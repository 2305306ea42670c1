one = TrainValidationSplit(
    estimator=pipeline, estimatorParamMaps=four[:1], evaluator=by_auc, seed=1
)
cv_model = one.fit(few)
best = cv_model.bestModel.stages[-1]
best_depth, best_trees = best.getMaxDepth(), best.getNumTrees
cv_auc = max(cv_model.validationMetrics)
