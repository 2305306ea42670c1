pipeline = right
model = pipeline.fit(test_rows)
auroc, aupr = both(model.transform(validation))
