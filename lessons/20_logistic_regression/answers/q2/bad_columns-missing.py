pipeline = made(FEATURES[:-1])
model = pipeline.fit(fit_rows)
auroc, aupr = both(model.transform(validation))
