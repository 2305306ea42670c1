models = fits(fit_rows, maxIter=1, regParam=0.1)
losses = losses_of(models, validation)
best_rank = min(losses, key=losses.get)
