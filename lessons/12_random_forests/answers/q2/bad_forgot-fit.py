pipeline = right
model = right
auc_seen = area(fitted, labeled_train)
