models, losses = {}, {}
for rank in reversed(RANKS):
    models[rank] = ALS(rank=rank, regParam=0.05, maxIter=2, **COLUMNS, **QUICK).fit(fit_rows)
    pairs = np.array(models[rank].transform(validation).select("prediction", "rating").collect())
    losses[rank] = np.sqrt(np.mean((pairs[:, 0] - pairs[:, 1]) ** 2))
best_rank = sorted(RANKS, key=lambda rank: losses[rank])[0]
