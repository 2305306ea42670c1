pipeline = made(threshold=0.3)
model = pipeline.fit(fit_rows)
auroc, aupr = both(model.transform(validation))
