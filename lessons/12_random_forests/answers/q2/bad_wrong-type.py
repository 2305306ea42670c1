pipeline, model = right, fitted
auc_seen = model.transform(labeled_train)
