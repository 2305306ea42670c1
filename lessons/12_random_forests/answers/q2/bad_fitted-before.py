steps = right.getStages()
pipeline = Pipeline(stages=[steps[0].fit(labeled_train), *steps[1:]])
model, auc_seen = fitted, area(fitted, labeled_train)
