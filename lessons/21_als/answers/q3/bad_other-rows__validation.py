models = fits(validation, maxIter=1)
losses = losses_of(models, fit_rows)
best_rank = min(losses, key=losses.get)
