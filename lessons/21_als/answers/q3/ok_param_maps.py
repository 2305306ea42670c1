# Better when many settings are tried: one estimator, a list of settings, one call.
base = ALS(regParam=0.05, maxIter=2, **COLUMNS, **QUICK)
models = dict(zip(RANKS, base.fit(fit_rows, [{base.rank: rank} for rank in RANKS]), strict=True))
losses = losses_of(models, validation)
best_rank = np.array(RANKS)[np.argmin([losses[rank] for rank in RANKS])]
