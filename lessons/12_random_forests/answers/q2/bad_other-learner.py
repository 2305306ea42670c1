pipeline = stages(last=DecisionTreeClassifier(labelCol="expensive", maxBins=64))
model = pipeline.fit(labeled_train)
auc_seen = area(model, labeled_train)
