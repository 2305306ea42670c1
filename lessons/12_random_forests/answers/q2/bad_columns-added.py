pipeline = stages([*VECTOR, "latitude"])
model = pipeline.fit(labeled_train)
auc_seen = area(model, labeled_train)
