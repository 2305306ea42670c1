pipeline, model = right, fitted
auroc, aupr = both(model.transform(fit_rows))
