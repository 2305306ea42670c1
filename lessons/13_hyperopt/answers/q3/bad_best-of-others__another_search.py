trials = as_spark_trials(done)
best = fmin(
    objective,
    space,
    rand.suggest,
    3,
    trials=Trials(),
    rstate=np.random.default_rng(99),
    verbose=False,
)
