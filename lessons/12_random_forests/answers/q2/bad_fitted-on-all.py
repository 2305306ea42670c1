pipeline = right
model = pipeline.fit(labeled_train.unionAll(labeled_test))
auc_seen = area(model, labeled_train)
