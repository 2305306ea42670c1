models = fits(fit_rows, maxIter=1, nonnegative=True)
losses = losses_of(models, validation)
best_rank = min(losses, key=losses.get)
