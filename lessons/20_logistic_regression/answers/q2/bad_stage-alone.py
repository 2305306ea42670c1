pipeline = right
vectors = right.getStages()[0]
model = right.getStages()[1].fit(vectors.transform(fit_rows))
auroc, aupr = both(scored)
