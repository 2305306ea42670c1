pipeline, model = right, fitted
auc_seen = area(model, labeled_test)
