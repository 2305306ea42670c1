pipeline = right
model = pipeline.fit(validation)
auroc, aupr = both(model.transform(validation))
