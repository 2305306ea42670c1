prepared = Pipeline(stages=right.getStages()[:2]).fit(labeled_train).transform(labeled_train)
pipeline = right.getStages()[2]
model = pipeline.fit(prepared)
auc_seen = area(model, prepared)
