pipeline = made([*FEATURES, "price"])
model = pipeline.fit(fit_rows)
auroc, aupr = both(model.transform(validation))
