pipeline, model = right, fitted.stages[-1]
auc_seen = area(fitted, labeled_train)
