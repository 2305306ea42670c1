pipeline, model = right, fitted
auroc = aupr = area(scored)
