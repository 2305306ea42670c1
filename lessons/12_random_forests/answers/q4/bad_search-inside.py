inner = CrossValidator(estimator=forest, estimatorParamMaps=four[:1], evaluator=by_auc, numFolds=2)
cv_model = Pipeline(stages=[indexer, assembler, inner]).fit(few)
best = cv_model.stages[-1].bestModel
best_depth, best_trees = best.getMaxDepth(), best.getNumTrees
cv_auc = max(cv_model.stages[-1].avgMetrics)
