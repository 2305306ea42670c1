estimator = ALS(regParam=0.05, maxIter=2, **COLUMNS, **QUICK)
models = {rank: estimator.setRank(rank + 1).fit(fit_rows) for rank in RANKS}
losses = losses_of(models, validation)
best_rank = min(losses, key=losses.get)
