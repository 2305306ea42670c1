models = fits(train, maxIter=1)
losses = losses_of(models, validation)
best_rank = min(losses, key=losses.get)
