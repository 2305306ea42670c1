# %% [markdown]
# # 13 · Hyperopt, lab
#
# A colleague left you a grid of 27 settings for a gradient-boosted model of prices. He made it for
# a model with ten times as many trees, and would have run all 27. You have the time for 8.
#
# **The question of this lab:** can 8 trials of a search beat 27 fits of a grid, and what do you
# have to keep so that somebody else believes it?
#
# - **Time:** 30 minutes
# - **Before you start:** the demo of lesson 13
# - **Data:** `listings`, split into training and test rows as in the demo
#
# **The tools you need, and where they were shown**
#
# - `fmin`, `hp`, `SparkTrials`, `space_eval`: lesson 13
# - parent and child runs of MLflow: lesson 13
# - validation rows that a hash chooses: lesson 03
# - from the logarithm back to dollars: lesson 07
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

# %%
import logging
import warnings

import mlflow
import numpy as np
from hyperopt import STATUS_OK, SparkTrials, fmin, hp, space_eval, tpe
from pyspark.sql import functions as F
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import ParameterGrid

from course_utils import ask_quiz, get_spark, load_split, open_lab, set_experiment

# %% [markdown]
# `SparkTrials` writes notes and a warning about threads on the screen; the last two lines make it
# quiet.

# %%
spark = get_spark("13_hyperopt_lab")
lab = open_lab("13")
set_experiment("13_hyperopt_lab")
logging.getLogger("hyperopt-spark").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", "Spark session is not provided")

# %% [markdown]
# The model is one of scikit-learn, so its rows come out of Spark as NumPy arrays. A hash puts the
# training rows into ten buckets. Bucket 0 is what we fit, buckets 1 and 2 are the *validation* rows
# that we choose with, and the others stay aside, so that a fit takes a fraction of a second. The
# label is the logarithm of the price.

# %% tags=["nbval-check-output"]
COLUMNS = [
    *("accommodates", "bedrooms", "bathrooms", "beds", "minimum_nights", "number_of_reviews"),
    *("review_scores_rating", "review_scores_location", "latitude", "longitude"),
]
print(len(COLUMNS), "columns")

# %% [markdown]
# A few hundred rows are safe to collect:

# %%
def arrays(rows):
    """Features and log(price) as NumPy arrays."""
    table = rows.select(*COLUMNS, F.log("price")).toPandas().to_numpy()
    return table[:, :-1], table[:, -1]


# %% [markdown]
# Three calls make the three parts:

# %%
train, test = load_split("listings")
bucket = F.pmod(F.xxhash64(*train.columns), F.lit(10))
X_fit, y_fit = arrays(train.filter(bucket == 0))
X_val, y_val = arrays(train.filter(bucket.isin(1, 2)))
X_test, y_test = arrays(test)

# %% tags=["nbval-check-output"]
print(f"{len(y_fit):,} rows to fit, {len(y_val):,} to choose with, {len(y_test):,} for the end")

# %% [markdown]
# `make_model` makes the model for three hyperparameters. It hands them to scikit-learn as they
# are, and scikit-learn is strict about their types.

# %%
def make_model(learning_rate, max_depth, max_features):
    return GradientBoostingRegressor(
        n_estimators=25, random_state=13,
        learning_rate=learning_rate, max_depth=max_depth, max_features=max_features,
    )


# %% [markdown]
# This is how it is used:

# %% tags=["nbval-check-output"]
print(make_model(0.1, 3, "sqrt").fit(X_fit, y_fit).n_estimators_, "trees")

# %% [markdown]
# ## Question 1 · The objective
#
# Write `objective(params)`, the function that the search will call. `params` is a dict with the
# three names of `make_model`, and comes from Hyperopt, so its `max_depth` may be `4.0`.
#
# Fit the model to `X_fit` and `y_fit`, and return a dict with two keys: `loss`, the RMSE of
# log(price) on the validation rows, and `status`, which is `STATUS_OK`.

# %% answer="q1"
# TODO q1: a function that returns {"loss": …, "status": …}
def objective(params):
    """How wrong the model is on the validation rows, as Hyperopt wants to be told."""
    ### STUB return ...
    ### BEGIN SOLUTION
    model = make_model(**{**params, "max_depth": int(params["max_depth"])}).fit(X_fit, y_fit)
    loss = np.sqrt(np.mean((model.predict(X_val) - y_val) ** 2))
    return {"loss": loss, "status": STATUS_OK}
    ### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · The space
#
# Make `space`, a dict from the three names to where the search may look:
#
# - `learning_rate`: from 0.005 to 0.5, so that each *factor* is equally likely: as much of the
#   search goes to 0.005–0.05 as to 0.05–0.5
# - `max_depth`: the whole numbers from 2 to 10
# - `max_features`: one of `"sqrt"`, 0.6 and 0.9

# %% answer="q2"
# TODO q2: {name: where to look}
### STUB space = ...
### BEGIN SOLUTION
rate = hp.loguniform("learning_rate", np.log(0.005), np.log(0.5))
depth, share = hp.quniform("max_depth", 2, 10, 1), hp.choice("max_features", ["sqrt", 0.6, 0.9])
space = {"learning_rate": rate, "max_depth": depth, "max_features": share}
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · The search
#
# Run `fmin` with your `objective` and your `space`, 8 trials, on the workers of Spark, two at a
# time. Take any algorithm of Hyperopt.
#
# - `trials`: the `SparkTrials` of this search
# - `best`: what `fmin` returns
#
# Each trial is a Spark task in a new Python process, so this takes some 20 seconds. `verbose=False`
# spares you the progress bar.

# %% answer="q3"
# TODO q3: the trials, and what fmin returns.
### STUB trials = ...
### STUB best = ...
### BEGIN SOLUTION
trials = SparkTrials(parallelism=2)
best = fmin(
    objective, space, algo=tpe.suggest, max_evals=8, trials=trials,
    rstate=np.random.default_rng(9), verbose=False,
)
print("losses:", *(f"{loss:.4f}" for loss in sorted(trials.losses())))
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · A run for each trial
#
# On Databricks this search would have been logged without a word. Here you do it yourself.
#
# Log your 8 trials to the experiment of this lab: one parent run, and below it one child run for
# each trial. A child has the three hyperparameters as *params*, with the values that the model
# got (`sqrt`, not its place in the list), and the trial's loss as the *metric* `loss`.
#
# - `parent_id`: the id of the parent run
#
# You may log from the notebook, now that the search is over. The values of a trial are in
# `trial["misc"]["vals"]`, each as a list of one.

# %% answer="q4"
# TODO q4: one parent run, 8 child runs, and the parent's id.
### STUB parent_id = ...
### BEGIN SOLUTION
with mlflow.start_run(run_name="search") as parent:
    for trial in trials.trials:
        values = {name: value[0] for name, value in trial["misc"]["vals"].items()}
        with mlflow.start_run(run_name=f"trial {trial['tid']}", nested=True):
            mlflow.log_params(space_eval(space, values))
            mlflow.log_metric("loss", trial["result"]["loss"])
parent_id = parent.info.run_id
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Against the grid
#
# This is the grid that your colleague would have run.

# %% tags=["nbval-check-output"]
GRID = {"learning_rate": [0.005, 0.015, 0.05], "max_depth": [2, 6, 10]}
GRID["max_features"] = ["sqrt", 0.6, 0.9]
print("the first of its settings:", ParameterGrid(GRID)[0])

# %% [markdown]
# - `best_params`: the settings of the trial with the lowest loss, ready for `make_model`: a number,
#   a whole number, and one of the three values of `max_features`
# - `grid_fits`: how many models the grid fits
# - `grid_loss`: the lowest loss of the grid, on the same validation rows
# - `gain`: by how much the lowest loss of your trials is below `grid_loss`. It is negative if the
#   grid has won.
#
# **Predict** first: will 8 trials do?

# %% answer="q5"
# TODO q5: a dict and three numbers.
### STUB best_params = ...
### STUB grid_fits = ...
### STUB grid_loss = ...
### STUB gain = ...
### BEGIN SOLUTION
best_params = space_eval(space, trials.argmin)
best_params["max_depth"] = int(best_params["max_depth"])
grid_losses = [objective(params)["loss"] for params in ParameterGrid(GRID)]
grid_fits, grid_loss = len(grid_losses), min(grid_losses)
gain = grid_loss - min(trials.losses())
print(best_params)
print(f"{grid_fits} fits of the grid: {grid_loss:.4f}; {len(trials.losses())} trials: {gain:+.4f}")
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Question 6 · One look at the test rows
#
# The loss of your best trial is the smallest of 8, so it is too good to be true: some of it is the
# luck of those validation rows. Now the settings are chosen, and the validation rows may teach.
#
# Fit the model with `best_params` to the fit rows and the validation rows together.
#
# - `test_rmse`: its RMSE on the test rows, in dollars

# %% answer="q6"
# TODO q6: one number, in dollars.
### STUB test_rmse = ...
### BEGIN SOLUTION
X_both, y_both = np.vstack([X_fit, X_val]), np.concatenate([y_fit, y_val])
chosen = make_model(**best_params).fit(X_both, y_both)
dollars_off = np.exp(chosen.predict(X_test)) - np.exp(y_test)
test_rmse = np.sqrt(np.mean(dollars_off**2))
print(f"RMSE ${test_rmse:.2f}")
### END SOLUTION

# %% check="q6"
lab.q6.check()

# %% [markdown]
# ## Where you stand

# %%
lab.summary()

# %% [markdown]
# ## What you know now
#
# - An objective returns a loss, and less is better. What it gets from `quniform` is a float.
# - `fmin` returns indices for `choice`; `space_eval` turns them into values.
# - `SparkTrials` runs a single-node model on the workers, a trial each. Each trial is a record, and
#   MLflow keeps it for others.
# - A grid sees the values that somebody wrote down, and a search also those between them and beyond
#   them. What either has chosen is judged once, on the test rows.
#
# **Check yourself:** your colleague's grid ends at a learning rate of 0.05. Add 0.15 to it. How
# many fits is that, and who wins?
#
# **Exam:** Hyperopt's `fmin`; random, grid and Bayesian search; single-node models tuned in
# parallel
#
# **Next:** the quiz below, then lesson 14, where AutoML does all of this by itself.

# %%
ask_quiz("13")
