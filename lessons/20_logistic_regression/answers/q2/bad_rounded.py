pipeline, model = right, fitted
auroc, aupr = (round(value, 3) for value in both(scored))
