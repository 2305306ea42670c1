pipeline = made(regParam=0.1)
model = pipeline.fit(fit_rows)
auroc, aupr = both(model.transform(validation))
