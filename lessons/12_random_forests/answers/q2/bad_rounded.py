pipeline, model = right, fitted
auc_seen = round(area(model, labeled_train), 3)
