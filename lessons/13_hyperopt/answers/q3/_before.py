import copy

from hyperopt import Trials, rand


def seeded():
    return np.random.default_rng(5)


def searched(trials, objective=objective, space=space, evals=8, algo=rand.suggest):
    """What fmin returns; one after the other, so that an answer takes no time."""
    return fmin(objective, space, algo, evals, trials=trials, rstate=seeded(), verbose=False)


def as_spark_trials(trials, parallelism=2):
    """Trials as SparkTrials would hold them."""
    made = SparkTrials(parallelism=parallelism)
    made._dynamic_trials = trials._dynamic_trials
    made.refresh()
    return made


done = Trials()
done_best = searched(done)
