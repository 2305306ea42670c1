pipeline = right
model = pipeline.fit(labeled_test)
auc_seen = area(model, labeled_train)
