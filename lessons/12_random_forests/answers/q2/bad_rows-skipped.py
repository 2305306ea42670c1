pipeline = stages(invalid="skip")
model = pipeline.fit(labeled_train)
auc_seen = area(model, labeled_train)
