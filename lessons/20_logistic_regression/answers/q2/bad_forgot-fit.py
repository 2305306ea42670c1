pipeline, model = right, right
auroc, aupr = both(scored)
