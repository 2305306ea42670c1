trials = SparkTrials(2)
best = fmin(
    fn=objective,
    space=space,
    algo=rand.suggest,
    max_evals=8,
    trials=trials,
    max_queue_len=2,
    verbose=False,
)
