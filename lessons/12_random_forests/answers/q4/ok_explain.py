cv_model = done
last = cv_model.bestModel.stages[-1].extractParamMap()
found = {param.name: value for param, value in last.items()}
best_depth, best_trees = found["maxDepth"], found["numTrees"]
cv_auc = sorted(cv_model.avgMetrics)[-1]
