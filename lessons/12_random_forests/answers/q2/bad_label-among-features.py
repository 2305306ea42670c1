pipeline = stages([*VECTOR, "price"])
model = pipeline.fit(labeled_train)
auc_seen = area(model, labeled_train)
