pipeline, model = right, fitted
auroc, aupr = both(model.transform(test_rows))
