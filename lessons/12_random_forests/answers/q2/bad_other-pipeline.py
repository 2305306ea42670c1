model, auc_seen = fitted, area(fitted, labeled_train)
pipeline = stages(maxDepth=2)
