pipeline = stages(VECTOR[:-1])
model = pipeline.fit(labeled_train)
auc_seen = area(model, labeled_train)
