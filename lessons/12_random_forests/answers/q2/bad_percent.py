pipeline, model = right, fitted
auc_seen = 100 * area(model, labeled_train)
