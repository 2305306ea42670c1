pipeline = right
model = pipeline.fit(labeled_train.sample(0.5, seed=1))
auc_seen = area(model, labeled_train)
