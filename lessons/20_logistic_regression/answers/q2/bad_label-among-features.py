pipeline = made([*FEATURES, "superhost"], maxIter=3)
model = pipeline.fit(fit_rows)
auroc, aupr = both(model.transform(validation))
