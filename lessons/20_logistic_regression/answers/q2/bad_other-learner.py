pipeline = made(last=RandomForestClassifier(labelCol="superhost", numTrees=2, maxDepth=2, seed=1))
model = pipeline.fit(fit_rows)
auroc, aupr = both(model.transform(validation))
