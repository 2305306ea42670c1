pipeline, model = right, fitted
aupr, auroc = both(scored)
