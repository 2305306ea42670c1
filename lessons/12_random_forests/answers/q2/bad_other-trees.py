pipeline = stages(numTrees=20)
model = pipeline.fit(labeled_train)
auc_seen = area(model, labeled_train)
