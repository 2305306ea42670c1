# %% [markdown]
# # 13 · Hyperopt
#
# Mira's model of rental prices takes hours to fit, and the machine that can do it costs 10 dollars
# a fit. Her boss has approved 360 dollars. So she has 36 fits, and then the model goes live.
#
# The model has three *hyperparameters*: numbers that somebody has to set before the fit, because
# the fit does not learn them. There are millions of ways to set them. Which 36 should she try?
#
# **The question:** how do you find good hyperparameters with few fits, and what changes when a
# cluster makes several fits at a time?
#
# - **Time:** 60 minutes, and 30 more for the lab
# - **Before you start:** MLflow runs (lesson 08), grids and validation rows (lesson 12)
# - **Data:** `listings`, places to rent in one city, with the price per night

# %%
from course_utils import get_spark, helpers, load_split

spark = get_spark("13_hyperopt")
draw = helpers("13")
parts = draw.numbers(*load_split("listings"))
(x, y), (x_new, y_new), (x_test, y_test) = parts

# %% [markdown]
# `draw.numbers` takes 250 training rows to fit, 400 others to judge by (the *validation* rows),
# and the test rows, as NumPy arrays with scaled columns. The label is log(price). Mira's real
# model takes hours; ours has to take milliseconds, or you would sit here for a week. It is a
# *support vector regression*. All you have to know of it here is that it has three knobs, `C`,
# `gamma` and `epsilon`, and that each wants to be tried in powers of ten.
#
# Here is the first knob alone, from 0.01 to 1,000, with the other two as scikit-learn sets them.

# %%
import numpy as np
from sklearn.svm import SVR


def rmse(**knobs):
    model = SVR(**knobs).fit(x, y)
    return float(np.sqrt(np.mean((model.predict(x_new) - y_new) ** 2)))


exponents = np.arange(-2, 3.01, 0.5)
draw.one_knob(exponents, [rmse(C=10**e) for e in exponents])

# %% [markdown]
# Too small, and the model is too stiff to learn; too large, and it learns the noise. Somewhere in
# between is the best value, and eleven fits have found it. Those were 110 of Mira's dollars. With
# eleven values for each of three knobs it would be 11 · 11 · 11 = 1,331 fits.
#
# ## The whole landscape, for once
#
# Our model is so cheap that we can do what Mira can't: try nearly everything. Then we know the
# answer, and can see how well a search with 36 fits does.

# %%
RANGES = {"C": np.arange(-2, 3.01, 0.5),      # all as powers of ten
          "gamma": np.arange(-5, 1.01, 0.5),
          "epsilon": np.linspace(-2, 0, 4)}

# %% [markdown]
# These are exponents. `error_of` gets one of each, raises ten to them, and fits a model with the
# result:

# %%
def error_of(point):
    values = 10.0 ** np.array(point)
    return rmse(**dict(zip(RANGES, values, strict=True)))


# %%
from itertools import product

points = list(product(*RANGES.values()))
tasks = spark.sparkContext.parallelize(points, 16)
errors = tasks.map(error_of).collect()

# %% [markdown]
# `product` makes every combination of the values, 11 · 13 · 4 = 572 of them. `parallelize` spreads
# them over 16 tasks, and Spark runs as many of these at once as there are cores. No fit has to
# wait for the result of another; such work is called *embarrassingly parallel*. Keep that in mind
# for later. We arrange the errors as a table with three sides, and look at it from above:

# %%
table = np.reshape(errors, [len(each) for each in RANGES.values()])
draw.landscape(RANGES, table)

# %% [markdown]
# The picture shows two of the three knobs. Good settings lie in a valley that runs
# diagonally: a larger `C` is fine as long as `gamma` is smaller. Look at the sentence under the
# picture, too. It says how much you lose if you get one knob wrong, and the three are far from
# equally important. Mira does not know any of this.
#
# From here on, nothing is fitted any more when a search asks for an error: it is looked up in this
# table. Between the points of the table we interpolate.

# %%
from scipy.interpolate import RegularGridInterpolator

between = RegularGridInterpolator(tuple(RANGES.values()), table)


def look_up(point):
    return float(between(point)[0])


# %% [markdown]
# That is a trick for this lesson, and an honest one: the errors are real, and so is the valley.
# It lets us repeat a search of 36 fits many times within seconds. The lowest error in the table is
# the best that anybody could find here.
#
# ## A grid, or chance?
#
# The usual plan is a *grid*: a few values of each knob, and all combinations. With 36 fits, that
# could be 4 · 3 · 3. The other plan is *random search*: draw each knob at random, 36 times.
#
# **Predict:** which of the two finds the lower error? Isn't a plan always better than chance?

# %%
low, high = np.array([[min(r), max(r)] for r in RANGES.values()]).T


def grid(rng, sizes=(4, 3, 3)):
    steps = [(np.arange(n) + rng.uniform()) / n for n in sizes]
    return low + np.array(list(product(*steps))) * (high - low)


# %% [markdown]
# `steps` has evenly spaced numbers for each knob, and `product` makes all combinations. Where a
# grid begins is somebody's choice, so we shift it by chance in each direction. Then we can lay
# many grids and see how lucky one is. Random search is a line:

# %%
def at_random(rng):
    return rng.uniform(low, high, size=(36, 3))


# %% [markdown]
# One of each, on the map:

# %%
rng = np.random.default_rng(7)
both = grid(rng), at_random(rng)
found = [[look_up(point) for point in plan] for plan in both]
draw.plans(RANGES, table, *both, found)

# %% [markdown]
# Look at the marks at the bottom. The grid has 36 fits, but only four values of `C`. In the map it
# has twelve places, because the three values of `epsilon` lie on top of one another. If a knob such
# as `epsilon` hardly matters, two thirds of the grid's fits are spent on finding that out. The
# random plan has a new value of every knob in each fit, whichever of them matters.
#
# One grid against one random plan proves nothing; soon there will be ten of each.
#
# **Exercise 1.** Give `grid` the sizes `(6, 6, 1)`. Does it get better? Could Mira have known?
#
# <details><summary>What you will find</summary>
#
# Usually it does: all 36 fits go to the two knobs that matter. But to lay that grid you have to
# know beforehand which knob does not matter, and that is what you wanted to find out. Random
# search needs no such knowledge.
# </details>
#
# ## A search that remembers
#
# A grid and a random plan have something in common: they could be written down on Friday. The
# 36th fit takes no notice of the 35 before it. If ten fits on the left side of the map are bad,
# would you not look on the right?
#
# That is *Bayesian optimization*. It keeps all trials, makes a model of them, and asks the model
# where to look next:
#
# ```mermaid
# flowchart LR
#     space["space:<br/>what may be tried"] --> algo("algorithm:<br/>suggests a setting")
#     algo -->|params| objective("objective:<br/>fits and judges a model")
#     objective -->|loss| trials[("trials:<br/>all settings and losses")]
#     trials -->|what is known| algo
#     trials -->|after max_evals| best["best setting"]
# ```
#
# The same in words: the algorithm takes a setting from the space, the objective fits a model with
# it and returns a loss, the trials keep both, and the algorithm looks at the trials before it
# suggests the next one. A grid and a random search are the same loop without the arrow from the
# trials back to the algorithm.
#
# In Hyperopt the loop is one function, `fmin`, and the first four boxes are its arguments.

# %%
from hyperopt import STATUS_OK, Trials, fmin, hp, tpe


def objective(params):
    point = [params[name] for name in RANGES]
    return {"loss": look_up(point), "status": STATUS_OK}


# %% [markdown]
# The **objective** gets a dict with one value for each knob, and returns a dict. `loss` is what
# `fmin` makes as small as it can. If your measure is better when it is higher, such as R² or the
# area under a ROC curve, return it with a minus sign; otherwise the search will look for the worst
# model, and find it. `status` says that the trial went well.

# %%
space = {name: hp.uniform(name, min(values), max(values))
         for name, values in RANGES.items()}

# %% [markdown]
# The **space** says for each knob how to draw it. `hp.uniform` draws evenly between two bounds; our
# bounds are exponents, so each factor of ten is equally likely. If the space holds the values
# themselves, `hp.loguniform("C", np.log(0.01), np.log(1000))` does the same. It takes the natural
# *logarithms* of the bounds, which is easily forgotten.

# %% tags=["nbval-check-output"]
trials = Trials()
best = fmin(objective, space, algo=tpe.suggest, max_evals=36,
            trials=trials, rstate=np.random.default_rng(13), verbose=False)
print(f"{len(trials)} trials; fmin returns {sorted(best)}")

# %% [markdown]
# `algo` is how settings are chosen: `tpe.suggest` for the method below, `rand.suggest` for random
# search. `max_evals` is the number of trials, and `rstate` the seed. `best` holds the setting with
# the lowest loss, and `trials` all of them: `trials.losses()`, `trials.vals`, `trials.best_trial`.
#
# **Predict:** the first 20 trials are drawn at random. Where will the last 16 lie?

# %%
draw.where(RANGES, table, trials, startup=20)

# %% [markdown]
# They crowd where it was good before. The method behind it is the *tree-structured Parzen
# estimator*, TPE for short. It sorts the trials by their loss and cuts them into two groups: a few
# good ones, and the rest. For each knob it then draws two curves, how often a value occurs among
# the good ones and how often among the others. The next value is one that is frequent among the
# good and rare among the others. TPE is cheap, it can deal with knobs that only exist in some
# trials, and it looks at each knob by itself. It does not know that the valley is diagonal.
#
# ## The race
#
# Five methods get the same 36 fits, and each runs ten times with different seeds: one run says
# more about luck than about a method. Two of the methods are new:
#
# - **Adaptive TPE** (`hyperopt.atpe`) is TPE whose own settings are chosen by models that its
#   author has fitted to thousands of searches. They are LightGBM models, so it needs that package.
# - **Optuna** is another library with a TPE of its own. It is what one would choose today.

# %%
import random


def with_hyperopt(algo):
    def losses(seed):
        random.seed(seed)  # atpe draws from these two,
        np.random.seed(seed)  # whatever rstate says
        kept = Trials()
        fmin(objective, space, algo, 36, trials=kept, verbose=False,
             rstate=np.random.default_rng(seed))
        return kept.losses()
    return losses


# %% [markdown]
# `with_hyperopt` makes a function for an algorithm. That function runs a search with a seed, and
# returns its 36 losses in order.

# %%
import optuna

optuna.logging.set_verbosity(optuna.logging.WARNING)

# %% [markdown]
# Now the same search with Optuna, whose messages we have just turned down:

# %%
def with_optuna(seed):
    def objective(trial):
        return look_up([trial.suggest_float(name, min(r), max(r))
                        for name, r in RANGES.items()])
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=36)
    return [trial.value for trial in study.trials]


# %% [markdown]
# The second function shows how Optuna is used. There is no space: the objective gets a `trial`
# and asks it for each value at the moment when it needs it (*define by run*). It returns the loss,
# and `study.optimize` is the loop. The `sampler` is the algorithm.
#
# Hyperopt's TPE begins with 20 random trials unless told otherwise, the other two with 10. With 36
# fits that would decide the race, so we let all three begin with 10.

# %%
from functools import partial

from hyperopt import atpe, rand

tpe_10 = partial(tpe.suggest, n_startup_jobs=10)

# %% [markdown]
# A grid only has to be looked up, in random order, as nobody knows which of its points is the good
# one. For the random plan we take Hyperopt's own, `rand.suggest`: with the same seed, its first
# trials are exactly those with which TPE begins.

# %%
def shuffled_grid(seed):
    rng = np.random.default_rng(seed)
    return [look_up(point) for point in rng.permutation(grid(rng))]


# %% [markdown]
# These are the five, as functions of a seed:

# %%
METHODS = {"grid": shuffled_grid,
           "random": with_hyperopt(rand.suggest),
           "TPE": with_hyperopt(tpe_10),
           "adaptive TPE": with_hyperopt(atpe.suggest),
           "Optuna's TPE": with_optuna}

# %% [markdown]
# Adaptive TPE needs LightGBM. Is it here? For its tiny models one thread is enough; more would make
# it several times slower still. The library reads the variable when it is loaded.

# %%
import os

os.environ["OMP_NUM_THREADS"] = "1"
import lightgbm

print("adaptive TPE can run, with LightGBM", lightgbm.__version__)

# %% [markdown]
# In the race, `minimum.accumulate` turns the losses of a search into the best loss so far.
#
# **Predict:** who is ahead after 10 fits? And after 36?

# %%
from time import perf_counter

curves, clock = {}, {}
for name, method in METHODS.items():
    start = perf_counter()
    losses = np.array([method(seed) for seed in range(10)])
    curves[name] = np.minimum.accumulate(losses, axis=1)
    clock[name] = (perf_counter() - start) / 360
draw.race(curves, table.min())

# %% [markdown]
# The vertical axis shows by how much the best so far is above the lowest error that there is; it
# is logarithmic. Read the left panel first. Up to fit 10, TPE *is* the random search. After that it
# uses what it knows, and the curves part. The right panel compares the three that remember. Where
# their bands overlap, ten runs are too few to rank them, whatever the order of the medians says.
#
# And what does the thinking cost?

# %%
for name, seconds in clock.items():
    print(f"{1000 * seconds:7.1f} ms for each suggestion, {name}")

# %%
gap = {name: np.median(c[:, -1]) - table.min() for name, c in curves.items()}
won = sum(curves["TPE"][:, -1] < curves["random"][:, -1])
times = gap["random"] / gap["TPE"]
print(f"After 36 fits, random search is {times:.1f} times as far above the")
print(f"lowest error as TPE. TPE is ahead of it in {won} of 10 runs.")

# %% [markdown]
# A suggestion costs less than a second, and Mira's fits take hours. When a fit is that expensive,
# even the slowest of these is free. When a fit takes a millisecond, random search has tried a
# hundred settings before TPE has thought about one.
#
# So what? Memory is worth what the last line says, and no more. It does not work by magic: TPE
# needs its first ten fits to learn from, and with those it cannot be better than chance. The more
# knobs there are, and the more fits, the more there is to remember.
#
# **Exercise 2.** Run `with_hyperopt(tpe.suggest)` for ten seeds, so with 20 random trials at the
# beginning. What is the median of the last errors, and why?
#
# <details><summary>What you will find</summary>
#
# It is between random search and `tpe_10`, or close to one of them: more than half of the budget
# is spent before TPE may think. With a budget of 200 fits the difference would hardly be seen.
# </details>
#
# ## Awkward spaces
#
# Mira is not sure that it must be a support vector machine. A ridge regression has one knob, and
# k nearest neighbors have another one. That is a *conditional* space: which knobs exist depends on
# a choice. `hp.choice` takes a list of options, and an option may have knobs of its own.

# %%
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor

MODELS = {"ridge": Ridge, "neighbors": KNeighborsRegressor, "svr": SVR}

# %% [markdown]
# Each option is a dict of its own, with the name of the model and the knobs of that model:

# %%
families = hp.choice("family", [
    {"name": "ridge", "alpha": hp.loguniform("alpha", -7, 7)},
    {"name": "neighbors",
     "n_neighbors": hp.quniform("n_neighbors", 1, 60, 1)},
    {"name": "svr", "C": hp.loguniform("C", -5, 7),
     "gamma": hp.loguniform("gamma", -11, 2)}])

# %% [markdown]
# `hp.quniform` draws in steps, here of 1. One of its habits catches everybody once:

# %% tags=["nbval-check-output"]
from hyperopt.pyll.stochastic import sample

k = sample(hp.quniform("k", 1, 60, 1), np.random.default_rng(1))
print(type(k).__name__, "with a whole value:", float(k).is_integer())

# %% [markdown]
# A whole number, but a float. Does the model mind?

# %% tags=["nbval-check-output"]
try:
    KNeighborsRegressor(n_neighbors=float(k)).fit(x, y)
except ValueError as error:
    print(str(error).split(". ")[0])

# %% [markdown]
# It does. A depth of `8.0` or `23.0` neighbors is refused by scikit-learn, so convert it in
# the objective, or draw with `hp.uniformint`.

# %%
def judge(params):
    params = dict(params)
    model = MODELS[params.pop("name")]
    if "n_neighbors" in params:
        params["n_neighbors"] = int(params["n_neighbors"])
    predicted = model(**params).fit(x, y).predict(x_new)
    return np.sqrt(np.mean((predicted - y_new) ** 2))


# %% [markdown]
# An objective may also return the loss alone, as here. The next cell makes 40 real fits; they take
# a second or two, as the rows are few.

# %%
mixed = Trials()
best = fmin(judge, families, tpe.suggest, 40, trials=mixed, verbose=False,
            rstate=np.random.default_rng(13))
print("fmin says: family =", best["family"], "and", len(best) - 1, "knobs")

# %% [markdown]
# **Predict:** `fmin` says `family` is a number. Which family is that?
#
# For `hp.choice`, `fmin` returns the *place in the list*, not the option. It is a trap, because an
# index is a valid value for many hyperparameters: a forest with `max_features=1` fits without
# complaint. `space_eval` puts the result back into the space:

# %%
from hyperopt import space_eval

chosen = space_eval(families, best)
print("space_eval says:", chosen["name"])

# %% [markdown]
# And how often was each family tried?

# %%
from collections import Counter

tried = Counter(list(MODELS)[int(i)] for i in mixed.vals["family"])
print("trials of each:", dict(tried.most_common()))

# %% [markdown]
# The trials of the other families were not in vain: without them, TPE could not know where to spend
# the rest of its budget. A trial keeps only the knobs that it had. Here is the same space in
# Optuna, where a condition is simply an `if`:
#
# ```python
# def objective(trial):
#     family = trial.suggest_categorical("family", ["ridge", "neighbors", "svr"])
#     if family == "neighbors":
#         k = trial.suggest_int("n_neighbors", 1, 60)      # an int, at last
#     ...
# ```
#
# Optuna returns the words and the whole numbers themselves, in `study.best_params`.
#
# ## Two aims at once
#
# Mira's web site has to answer quickly. A forest of 300 trees may be the best model and still be
# useless. So there are two aims, error and time to score. They cannot be added up without saying
# how many dollars a millisecond is worth. Optuna can leave that question open:

# %%
from sklearn.ensemble import RandomForestRegressor

from course_utils import measure


def two_aims(trial):
    trees = trial.suggest_int("trees", 1, 200, log=True)
    depth = trial.suggest_int("max_depth", 1, 12)
    forest = RandomForestRegressor(trees, max_depth=depth, random_state=13)
    predicted = forest.fit(x, y).predict(x_new)
    scoring = measure(lambda: forest.predict(x_new), repeats=3)
    return np.sqrt(np.mean((predicted - y_new) ** 2)), 1000 * scoring.minimum


# %%
study = optuna.create_study(directions=["minimize", "minimize"],
                            sampler=optuna.samplers.TPESampler(seed=13))
study.optimize(two_aims, n_trials=40)
draw.front(study.trials, study.best_trials)

# %% [markdown]
# With two `directions` the objective returns two numbers. There is no best trial any more, but a
# *Pareto front*: the trials that no other one beats in both aims, `study.best_trials`. From left to
# right you pay milliseconds for accuracy. What to pay is Mira's decision, and now she can see the
# price list. Hyperopt knows only one loss; there, you would keep the time in the dict of the
# objective and look for the front yourself.
#
# ## On a cluster: two ways, and not both
#
# So far one trial followed the other. A cluster can work on a search in two ways:
#
# - **A distributed model.** Each fit is a Spark ML fit and uses all workers. The trials run one
#   after the other, in the notebook. This is `Trials`.
# - **A model on one machine.** Each fit is scikit-learn and runs as *one task* on some worker.
#   Several trials run at once. This is `SparkTrials`.
#
# Here is the first way, a tree of Spark ML with four trials:

# %%
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import DecisionTreeRegressor

# %% [markdown]
# As in lesson 11, the tree wants a column of vectors. Small frames that are read again and again
# are cached, in one partition each:

# %%
vectors = VectorAssembler(inputCols=draw.COLUMNS, outputCol="features")
rows = vectors.transform(load_split("listings")[0])
known, new = (part.coalesce(1).cache()
              for part in rows.randomSplit([0.7, 0.3], 13))

# %% [markdown]
# The objective fits a tree of some depth and returns its RMSE, here in dollars:

# %%
def distributed(depth):
    tree = DecisionTreeRegressor(labelCol="price", maxDepth=int(depth))
    predicted = tree.fit(known).transform(new)
    return RegressionEvaluator(labelCol="price").evaluate(predicted)


# %%
depths = hp.quniform("maxDepth", 2, 8, 1)
start = perf_counter()
fmin(distributed, depths, rand.suggest, 4, trials=Trials(), verbose=False)
print(f"{perf_counter() - start:.1f} s for 4 trials, one after the other")

# %% [markdown]
# Nothing is special about it: the objective runs in the notebook, and the Spark jobs of `fit` go
# to the workers. Now the second way. `SparkTrials(parallelism=2)` keeps two trials running. To see
# what it costs, the fit is replaced by one second of sleep; a trial also notes the process that it
# ran in, and how long `import hyperopt` took there. Four trials of one second, two at a time:
# without any overhead that is 2 seconds.
#
# **Predict:** how long will it take?

# %%
import time
from importlib import import_module


def one_second(value):
    start = time.perf_counter()
    import_module("hyperopt")
    imported = time.perf_counter() - start
    time.sleep(1)
    return {"loss": value, "status": "ok",
            "process": os.getpid(), "imported": imported}


# %% [markdown]
# The messages of Hyperopt go to a list, or they would be written between the cells:

# %%
from hyperopt import SparkTrials

messages = draw.keep_log()

# %%
spark_trials = SparkTrials(parallelism=2)
start = perf_counter()
fmin(one_second, hp.uniform("x", 0, 1), rand.suggest, 4,
     trials=spark_trials, verbose=False, rstate=np.random.default_rng(1))
times = {"SparkTrials": perf_counter() - start}
print(f"{times['SparkTrials']:.1f} s")

# %% [markdown]
# Much more than 2 seconds. In which processes did the trials run?

# %%
processes = [result["process"] for result in spark_trials.results]
print(len(processes), "trials ran in", len(set(processes)), "processes")

# %% [markdown]
# Each trial had a Python process of its own. Spark would like to use a worker process again for
# the next task, but only if that process has read all the input of its task. The function that
# `SparkTrials` sends never looks at its input. So Spark discards the process after each trial, and
# the next one begins with a fresh Python that has to import hyperopt, NumPy and SciPy again. On
# top of that, two loops look for news only once a second.
#
# With fits of an hour nobody would notice. With fits of a second it is most of the bill. The
# remedy is a Spark job of our own, whose task reads its input:

# %%
def on_worker(function, argument):
    def task(rows):
        list(rows)  # read the input, and the process will be used again
        yield function(argument)
    one_row = spark.sparkContext.parallelize([0], numSlices=1)
    return one_row.mapPartitions(task).collect()[0]


# %% [markdown]
# `one_row` is an input of a single row, so the job has one task. `mapPartitions` hands that row to
# `task`, and `collect` waits for the answer. Something has to say which trial is next. Hyperopt's
# loop cannot be taken apart so easily, but Optuna's can:

# %%
study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=13))


def one_trial(_):
    trial = study.ask()
    result = on_worker(one_second, trial.suggest_float("x", 0, 1))
    study.tell(trial, result["loss"])
    return result


# %% [markdown]
# `study.ask()` gives the next trial, and `study.tell` hands in its loss. Two threads in the
# notebook each ask, run one Spark job with one task, and tell. We run the four trials twice: the
# first time the worker processes have yet to import hyperopt, the second time they have it.

# %%
from concurrent.futures import ThreadPoolExecutor

for name in ("own jobs, first time", "own jobs, again"):
    start = perf_counter()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one_trial, range(4)))
    times[name] = perf_counter() - start
draw.seconds(times, ideal=2.0)

# %%
print(len(results), "trials ran in",
      len({result["process"] for result in results}), "processes, where")
print(f"import hyperopt took {max(r['imported'] for r in results):.5f} s")

# %% [markdown]
# The second time the import costs nothing, because the process has done it before. This is about
# as close to the ideal as it gets.
#
# ### And with a real fit?
#
# Nobody searches for one second of sleep. So here are four forests of scikit-learn, first one after
# the other in the notebook, then two at a time with `SparkTrials`. Both searches have the same
# seed, so they try the same depths.

# %%
def on_one_machine(depth):
    forest = RandomForestRegressor(200, max_depth=int(depth),
                                   random_state=13)
    predicted = forest.fit(x, y).predict(x_new)
    return np.sqrt(np.mean((predicted - y_new) ** 2))


# %% [markdown]
# **Predict:** two cores, twice as many trials at a time: is `SparkTrials` faster?

# %%
for kept in (Trials(), SparkTrials(parallelism=2)):
    start = perf_counter()
    fmin(on_one_machine, depths, rand.suggest, 4, trials=kept,
         verbose=False, rstate=np.random.default_rng(13))
    print(f"{type(kept).__name__:12} {perf_counter() - start:4.1f} s, "
          f"best RMSE {min(kept.losses()):.4f}")

# %% [markdown]
# The same best error, so the same search. Whether the second line is the shorter one depends on the
# fit: two at a time halve the time of the fits, and each trial pays its second or two for a new
# process and for the loops. A fit has to take several seconds before that is won back, and one of
# minutes wins nearly all of it.
#
# ### Not both
#
# What if the objective of `SparkTrials` uses Spark itself? It sounds like twice the parallelism.
#
# **Predict:** does it run faster, as fast, or not at all? (What Spark writes to the error stream
# is a page long, and is put aside.)

# %%
from contextlib import redirect_stderr
from io import StringIO

# %% [markdown]
# The objective is `distributed`, which worked well above:

# %% tags=["nbval-check-output"]
messages.clear()
start = perf_counter()
with redirect_stderr(StringIO()):
    try:
        fmin(distributed, depths, rand.suggest, 2, verbose=False,
             trials=SparkTrials(parallelism=2, timeout=30))
    except Exception as error:
        print("fmin:", error)
waited = perf_counter() - start

# %% [markdown]
# `fmin` only says that no trial is left. The reason is in the messages:

# %% tags=["nbval-check-output"]
why = next(text for text in messages if "failed, exception is" in text)
print("a trial:", why.split("exception is ")[1].split(". ")[0])
print("log lines on failed trials:", sum("failed, exc" in m for m in messages))

# %% [markdown]
# Not at all. A task on a worker has no `SparkContext`; only the driver has one, so a task cannot
# start Spark jobs. Every trial fails as soon as Spark tries to send the objective to a worker, and
# at the end `fmin` has no trial to choose from. (The `timeout` is there in case it ever hangs.)

# %%
print(f"{waited:.1f} s for 2 trials, and nothing to show for them")

# %% [markdown]
# Here are all four combinations. You have seen each of them run, the first and the last with the
# same tree, the two in the middle with the same forest.
#
# | the model | trials object | who works during a fit | trials at a time |
# |---|---|---|---|
# | Spark ML | `Trials` | all workers | one |
# | scikit-learn | `SparkTrials` | one core of one worker | `parallelism` |
# | scikit-learn | `Trials` | one core of the driver | one |
# | Spark ML | `SparkTrials` | nobody: it fails | – |
#
# ## More at a time, and what it costs
#
# Mira could rent 36 machines and be done in the time of one fit. For a grid or a random search
# that is perfect. But TPE learns from trials that have *finished*. If it has to start 16 trials
# before the first one is back, it starts all 16 with the same knowledge.
#
# **Predict:** 36 trials, 1, 4, 16 or all 36 at a time. What happens to the best error?
#
# `fmin` has an argument that lets us try: with `max_queue_len=4` it asks for four settings before
# it evaluates any of them. Each number gets 20 seeds.

# %%
def in_rounds(at_a_time, seed):
    kept = Trials()
    fmin(objective, space, tpe_10, 36, trials=kept, verbose=False,
         max_queue_len=at_a_time, rstate=np.random.default_rng(seed))
    return np.minimum.accumulate(kept.losses())


# %% [markdown]
# That makes 80 searches, which is nothing, as they only look things up:

# %%
queues = {k: np.array([in_rounds(k, seed) for seed in range(20)])
          for k in (1, 4, 16, 36)}
draw.queues(queues, table.min())

# %% [markdown]
# How much does the last trial of each search know when it starts?

# %% tags=["nbval-check-output"]
for k in queues:
    print(f"{k:2} at a time: the last trial starts with "
          f"{(35 // k) * k} results known, after {-(-36 // k)} rounds")

# %% [markdown]
# Read the left panel against these lines. With one at a time, the last trial knows 35 results. With
# 36 at a time it knows none, and TPE has become a random search. The right panel shows what is
# gained: four at a time are done in a quarter of the hours. That is why sequential methods resist
# parallelism: their strength is the arrow back from the trials, and each trial that starts early
# starts without it. (`SparkTrials` does not wait for a whole round. It starts a trial as soon as
# one is done, so its last trials know a little more than these.)
#
# A rule that works: let `parallelism` be a small part of `max_evals`, such as a tenth. If you have
# more machines than that, give TPE more trials, or use random search.
#
# **Exercise 3.** Mira rents 8 machines for 5 hours, and a fit takes an hour. She can run 40 trials,
# 8 at a time. Is that better than 36 one after the other? Try it: change `36` to `40` in
# `in_rounds`, and run it with 8.
#
# <details><summary>What you will find</summary>
#
# The two are close, with a difference that changes its sign from seed to seed. But the one is
# done after 5 hours and the other after 36.
# </details>
#
# ## Each trial a run
#
# On Monday somebody asks Mira why the model has *these* settings. `trials` is gone with the
# notebook, so she logs the search to MLflow: a *parent run* for the search, and in it a *child run*
# for each trial.

# %%
import mlflow

from course_utils import set_experiment

experiment = set_experiment("13_hyperopt")

# %% [markdown]
# The objective opens a run of its own for each trial:

# %%
def logged(params):
    with mlflow.start_run(nested=True):
        mlflow.log_params(params)
        loss = error_of([params[name] for name in RANGES])
        mlflow.log_metric("loss", loss)
    return {"loss": loss, "status": STATUS_OK}


# %% [markdown]
# The search runs inside of the parent:

# %%
kept = Trials()
with mlflow.start_run(run_name="search") as parent:
    best = fmin(logged, space, tpe_10, 20, trials=kept, verbose=False,
                rstate=np.random.default_rng(13))
    mlflow.log_params({f"best_{name}": best[name] for name in best})

# %% [markdown]
# `nested=True` makes a run the child of the one that is open. The knobs go to *params*, because
# somebody has set them; the loss goes to *metrics*, because it came out. This search does not look
# anything up: `error_of` fits a model each time. The children are found by the id of their parent,
# which MLflow keeps as a tag:

# %%
runs = mlflow.search_runs(
    filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'",
    order_by=["metrics.loss"])

# %% tags=["nbval-check-output"]
print(len(runs), "child runs; columns:",
      sorted(c for c in runs if c.startswith(("params", "metrics"))))

# %% [markdown]
# In a task of `SparkTrials` no run is open, because the task is in another process. There you name
# the parent: `mlflow.start_run(parent_run_id=…, nested=True)`. Or you log when the search is over,
# from `trials`, as the lab does.
#
# ## One look at the test rows
#
# The loss of the best trial is the lowest of 20. Part of that is skill, and part is luck with these
# 400 rows. Both the knobs and the luck were chosen by the same rows, so the number is too good to
# report.
#
# **Predict:** will the error on the test rows be lower, the same, or higher?

# %%
model = SVR(**{name: 10.0 ** best[name] for name in RANGES})
model.fit(np.vstack([x, x_new]), np.concatenate([y, y_new]))
on_test = np.sqrt(np.mean((model.predict(x_test) - y_test) ** 2))

# %%
print(f"best loss in the search: {min(kept.losses()):.3f}")
print(f"on the test rows, once:  {on_test:.3f}")

# %% [markdown]
# Two things change at once here. The test rows did not choose anything, so the luck is gone, and
# that makes the error higher. The final model has learned from the validation rows as well, 650
# rows in place of 250, and that makes it lower. Which of them wins depends on the data. Only the
# second number may be reported, and only if the test rows are looked at once. If you tune until
# the *test* error is low, you have made validation rows of them.
#
# ## On Databricks
#
# > - Hyperopt is not part of Databricks Runtime for Machine Learning after **16.4 LTS ML**. The
# >   documentation calls the open-source project unmaintained (version 0.3.0 came out in July 2026
# >   all the same). It recommends **Optuna** for one machine and **Ray Tune** for a distributed
# >   search. The exam still asks for `fmin`.
# > - Where Hyperopt is installed, `SparkTrials` searches are logged to MLflow by themselves: a run
# >   for the search, and below it a child run for each trial. Here you did it by hand.
# > - The rule is the same: `SparkTrials` for models on one machine; for distributed algorithms such
# >   as Spark ML, the default `Trials`, and never both.
# > - With MLflow 3, `MlflowSparkStudy` runs an Optuna study on Spark's executors, and
# >   `MlflowStorage` keeps its trials in the tracking server. MLflow 3 comes with 17.0 ML and
# >   later.
# > - `SparkTrials` runs at most 128 trials at a time. It needs a `SparkContext`, which Spark
# >   Connect does not have.
#
# ## What you know now
#
# - `fmin(objective, space, algo, max_evals, trials)` minimizes a loss. Return −R², not R².
# - A grid spends fits on knobs that do not matter. Random search does not, and TPE also remembers.
# - `quniform` gives floats, `choice` gives indices; `space_eval` gives what you meant.
# - `Trials` for distributed models, `SparkTrials` for models on one machine. Mixed, they fail.
# - The more trials at a time, the less each of them knows.
# - A trial is a child run, a search its parent. Test rows are looked at once.
#
# **Check yourself:** a colleague tunes XGBoost with TPE, `max_evals=64` and `parallelism=64`, and
# is pleased that it is done so soon. What would you tell him, and which algorithm could he have
# taken instead?
#
# <details><summary>Answer</summary>
#
# With 64 trials at a time and 64 in all, every trial starts before any of them has ended. TPE has
# nothing to learn from, so the colleague has paid for a random search. He could have taken
# `rand.suggest`, which loses nothing by running in parallel. If he wants TPE's help, a
# `parallelism` of 8 leaves it seven rounds to learn from.
# </details>
#
# **Exam:** the role of `fmin` and its arguments; random, grid and Bayesian search compared; how
# single-node models are tuned in parallel and why sequential methods resist it; how the number of
# trials and the accuracy are related; `Trials` and `SparkTrials`
#
# **Next:** the lab, where 8 trials challenge a grid of 27, and then lesson 14, AutoML.
