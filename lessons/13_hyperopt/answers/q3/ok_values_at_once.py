from functools import partial

trials = SparkTrials(parallelism=2, spark_session=spark)
best = fmin(
    lambda params: objective(params),
    space,
    algo=partial(tpe.suggest, n_startup_jobs=4),
    max_evals=8,
    trials=trials,
    show_progressbar=False,
    return_argmin=False,
)
