# %% [markdown]
# # 14 · AutoML
#
# Monday, nine o'clock. "Can we predict what a place will cost from our table of listings? And how
# well? I need to know by lunch." You have three hours, and no idea yet. This is what is to be
# predicted:

# %%
from course_utils import get_spark, helpers, load

spark, draw = get_spark("14_automl"), helpers("14")
listings = load("listings")
draw.question(listings.select("price").toPandas()["price"])

# %% [markdown]
# One guess for all listings, the median, is off by the amount that stands below the picture. A
# model must do better than that. But how much better is possible, and with which kind of model?
#
# The first steps are the same for every table: split it, fill gaps, encode names, fit several kinds
# of models, compare them, and write down what you did. *AutoML* does all of this with one call.
#
# **The question of this notebook:** what can a program find out about a table on its own, and how
# do you check, change and use what it has found?
#
# - **Time:** 40 minutes; the lab takes 30 more
# - **Before you start:** regression, pipelines and the logarithm of a price (lessons 06 and 07),
#   runs and experiments in MLflow (lesson 08)
# - **Data:** `listings`, one row per place to rent, with its price per night in dollars
#
# ```mermaid
# flowchart LR
#     table["table, target,<br/>metric"] --> look["notebook<br/>about the data"]
#     table --> split["train / validate / test"]
#     split --> trials["trials:<br/>one notebook each"]
#     trials -->|"validation rows"| board["leaderboard"]
#     board --> best["best trial"]
#     best -->|"test rows, once"| tested["test metric"]
#     best --> registry["registered version"] --> rest["server"]
#     trials -.->|"every run"| mlflow["MLflow experiment"]
# ```
#
# The boxes are the sections of this lesson.
#
# ## One call
#
# `automl.regress` predicts a number, `automl.classify` a class. Besides the table we say which
# column to predict (`target_col`) and by which metric to judge (`primary_metric`). We take the mean
# absolute error, in dollars. The metric belongs in the call, because it decides who wins.
# `max_trials=5` keeps this lesson short.
#
# **Predict:** the first trial ignores all columns, two are linear models, two are boosted trees.
# Which will lead?

# %%
from course_utils import automl, make_work_dir, set_experiment

set_experiment("14_automl")
summary = automl.regress(
    listings, target_col="price", primary_metric="mae", max_trials=5,
    experiment_name="14_automl", experiment_dir=make_work_dir("14_automl"),
)
print(summary)

# %% [markdown]
# The summary begins with the best trial. On the line of rows you see how the table was split: 60 %
# to train, 20 % to validate, 20 % to test. Trials were compared on the validation rows. The test
# rows were used once, by the best trial, after it had been chosen. (With `time_col` the split goes
# in order of time, with `split_col` as you say.)
#
# Then come the warnings, and you should read them first. A column that is "encoded by the target's
# mean" has too many names to make a column of each. So a name is replaced by the mean price of its
# training rows. Columns that are constant, look like identifiers or repeat the target are left out,
# and you are told. A column that gives the target away in a less obvious way stays in, with a
# warning. AutoML cannot know whether you will have that column on the day of the prediction. You
# can: `exclude_cols` takes it out.

# %% tags=["nbval-check-output"]
print(f"{len(summary.trials)} trials, compared {summary.evaluation}")
parts = ("train", "validate", "test", "single-node", "Spark ML")
print({part: summary.data_used[part] for part in parts})

# %% [markdown]
# The last two numbers are the rows of the final fit, training and validation rows together.
# `single-node` is for models of scikit-learn, XGBoost and LightGBM. Each of these learns on one
# worker, and the trials run side by side as Spark tasks. If a table is too large for one worker,
# they learn from a sample, a warning says so, and models of Spark ML, which see all rows, take part
# too.
#
# ## Who won, and is it sure?

# %%
board = summary.leaderboard()
columns = ["trial", "model", "mae", "seconds"]
print(board[columns].round(2).to_string(index=False))

# %% [markdown]
# The baseline at the bottom is what every model must beat. (If two models of different kinds share
# an error to the cent, as boosted trees may, that is a coincidence of rounding and no copy: look at
# their digits with `board["mae"]`.) The first trial on each core also loads libraries, so its
# `seconds` mislead.
#
# Now the question that a leaderboard does not answer: had other listings been drawn for validation,
# would another model have won? We can imitate that. Draw new samples from the validation rows, with
# replacement, and compute the error of each. The middle 95 % of these errors are the *interval*:

# %%
low, high = summary.interval
inside = board["mae"].between(low, high).sum()
print(f"best trial ${board['mae'].min():.1f}, interval ${low:.1f} to "
      f"${high:.1f}; {inside} of {len(board)} trials lie inside")
print(f"on test rows ${summary.test_metrics['mae']:.1f}, interval "
      "${:.1f} to ${:.1f}".format(*summary.test_interval))

# %% [markdown]
# A trial far outside of the interval is worse by more than the luck of these rows explains. Of a
# trial inside of it you cannot say much yet. Two cautions:
#
# - The best of many trials looks a little better than it is, because luck helped to choose it
#   (lesson 03 has tossed coins for that). Only the test rows are free of it, so the answer for
#   your boss is the test error, with its interval.
# - One model's interval is not a test of the *difference* of two. Both miss on the same rows, so
#   their difference is steadier than either of them. The lab compares that way.
#
# **Exercise 1.** Call `automl.regress` again with `max_trials=1`. What is its only trial, and what
# do you learn from that?
#
# <details><summary>Answer</summary>
#
# It is the baseline, the trial that ignores all columns. Its error is close to the one under the
# first picture. The difference comes from the rows: here they are the validation rows, and the
# median was learned from the training rows.
# </details>
#
# ## The notebook about the data
#
# Before the first trial, the search has written a notebook about the table. It was written, not
# run. `draw.run` runs it in a fresh kernel. These are its chapters:

# %% tags=["nbval-check-output"]
looks = draw.run(summary.exploration_path)
texts = [c.source for c in looks.cells if c.cell_type == "markdown"]
titles = [text.splitlines()[0] for text in texts if text[:3] == "## "]
print("\n".join(titles))

# %% [markdown]
# A look before a model. It shows the training and the validation rows only: if you look at test
# rows, you choose by them. Here is one of its figures:

# %%
draw.figure_of(looks, "correlations")

# %% [markdown]
# These are rank correlations with the price, the strongest first. They tell which columns move with
# the price, each for itself. A column that is weak here may still matter together with another one.
#
# ## A notebook per trial
#
# The cells of a trial's notebook *are* the trial: the search has run their text, and the trial's
# MLflow run keeps a copy. This is what is called a *glass box*. Here is the cell with the model of
# the best trial. The others load, split, prepare, compare, fit for use, test, explain and log.

# %%
import nbformat

best = summary.best_trial
trial = nbformat.read(best.notebook_path, as_version=4)
print(next(c.source for c in trial.cells if "estimator = " in c.source))

# %% [markdown]
# **Predict:** `rerun` runs this notebook in a fresh kernel. Will it give exactly the metric of the
# leaderboard, nearly that, or another one, since training is random?

# %% tags=["nbval-check-output"]
import numpy as np

again = best.rerun()
same = np.isclose(again, best.evaluation_metric_score, rtol=1e-6)
print(f"the same metric to six digits: {same}")

# %% [markdown]
# Everything random has a seed, and the rows of each part are stored beside the notebook. So
# somebody who has only this folder can get your number again, and can review your model as code.
#
# The run has also drawn a SHAP figure. A *SHAP value* says by how many dollars a column has moved
# the prediction of one listing, away from the mean prediction.

# %%
draw.figure_of(nbformat.read(best.notebook_path, as_version=4), "SHAP")

# %% [markdown]
# A bar is the mean of a column's absolute SHAP values. The longest one belongs to the column that
# moves a prediction farthest, by that many dollars on average. (A column of names has a bar for
# each of its values, such as `room_type = Entire home/apt`. But `neighbourhood_cleansed` has a
# single one, since its names were replaced by mean prices.) SHAP explains the *model*, not the
# world: among columns that go together, the model may have picked any one.
#
# ## Change a notebook
#
# Here a person comes in. Lesson 07 has shown that prices act by percent: what doubles a price
# doubles the miss. A linear model of the logarithm knows that, and the ridge regression of the
# search does not.
#
# **Predict:** how far up does it move on the leaderboard if it learns the logarithm?
#
# Its notebook needs two lines, before the pipeline is made:

# %%
LOG = """\
from sklearn.compose import TransformedTargetRegressor
estimator = TransformedTargetRegressor(
    estimator, func=np.log, inverse_func=np.exp)
pipeline = Pipeline("""

# %% [markdown]
# `TransformedTargetRegressor` fits a model to the logarithms of the prices, and takes its
# predictions back to dollars. In JupyterLab you would open the notebook, type, and save it under
# another name. By code it is two replacements; the second one gives the run a name of its own:

# %%
ridge = next(t for t in summary.trials if t.params["family"] == "ridge")
notebook = nbformat.read(ridge.notebook_path, as_version=4)
for cell in notebook.cells:
    text = cell.source.replace("pipeline = Pipeline(", LOG)
    cell.source = text.replace(", run again", ", of log(price)")

# %%
from pathlib import Path

edited = Path(ridge.notebook_path).with_name("ridge_of_log_price.ipynb")
nbformat.write(notebook, edited)
cells = draw.run(edited).cells
print(f"{len(cells)} cells of {edited.name} were run")

# %% [markdown]
# The last cells of a trial's notebook log to the experiment of the search, so the edited one stands
# beside the others. This is also how you find the best run of any experiment by code: sort by the
# metric.

# %%
import mlflow

ids = [trial.mlflow_run_id for trial in summary.trials]
since = min(mlflow.get_run(i).info.start_time for i in ids)
found = mlflow.search_runs(experiment_names=["14_automl"],
                           filter_string=f"start_time >= {since}",
                           order_by=["metrics.validation_mae"])
scores = found.set_index("tags.mlflow.runName")["metrics.validation_mae"]
print(scores.round(2).to_string())

# %% [markdown]
# (`since` leaves out the runs of earlier days.) The name of a run tells its trial and its model;
# "run again" is the one that we have just reproduced. How good is the edited one? On generated data
# the rule behind the prices is known. So we can ask for the *best possible guess*, which knows
# everything about a listing but its noise. (`data.parquet` holds the rows as the search has split
# them.)

# %%
import pandas as pd

from course_utils import get_truth

data = Path(summary.exploration_path).with_name("data.parquet")
rows = pd.read_parquet(data)
validation = rows[rows["_automl_split"] == "validate"]
truth, floor = get_truth("listings"), None
if truth:
    guess = np.exp(truth.mean_log_price(validation))
    floor = (validation["price"] - guess).abs().mean()

# %%
others = scores[~scores.index.str.endswith("run again")]
draw.runs(others[::-1], summary.interval, floor)

# %% [markdown]
# The dashed line is there for the generated listings only. Now compare three of the dots:

# %%
mine = scores[scores.index.str.endswith("of log(price)")].iloc[0]
print(f"ridge ${ridge.evaluation_metric_score:.1f}, of log(price) "
      f"${mine:.1f}, best trial ${best.evaluation_metric_score:.1f}")

# %% [markdown]
# If the second number is below the third, two lines of knowledge about prices were worth more than
# the step from a linear model to boosted trees. The lab shows how sure you can be of such a gain.
#
# With more trials, the search would have tried the logarithm, too; it is part of its space where a
# target has a long tail. What no search finds is what is outside of its space: a column of another
# table, a ratio that only the business knows, a better question.
#
# **Exercise 2.** Which rows were the errors in the picture measured on? What would you look at
# before you tell your boss that the edited notebook is better?
#
# <details><summary>Answer</summary>
#
# On the validation rows, and six models have now been compared on them. The edited notebook has
# also printed its error on the test rows. Look at that one, once, and at the difference between the
# two models listing by listing.
# </details>
#
# ## Register and serve
#
# Both are one call. The model has been in MLflow since the search. Registering gives it a name and
# a version (lesson 09), and serving starts MLflow's own scoring server on this machine (lesson 22).

# %%
version = summary.register("14_price")
print(f"{version.name}: {version.description}")

# %% [markdown]
# `with` makes sure that the server is stopped at the end. Its answers over HTTP should be those of
# the model itself:

# %% tags=["nbval-check-output"]
some = rows[rows["_automl_split"] == "test"].head(5)
with summary.serve() as server:
    answers = server.predict(some.drop(columns="price"))
alike = np.allclose(answers, best.load_model().predict(some))
print(len(answers), "prices, the same as without a server:", alike)

# %% [markdown]
# ## The form
#
# You can search without typing. Choose in the form and press its button. It shows the call that it
# makes, so what was clicked can be repeated and reviewed.

# %%
form = automl.form(listings, "listings")
chosen = {"problem": "regress", "target_col": "price",
          "primary_metric": "mae", "max_trials": 5}
for field, value in chosen.items():
    form.fields[field].value = value
form

# %% [markdown]
# The fields carry the names of the arguments, so code can set and read them, as in this cell. The
# call that the form would make:

# %% tags=["nbval-check-output"]
print(form.call)

# %% [markdown]
# ## When not to use it
#
# - **The question is not settled.** AutoML takes the target and the columns as given. A wrong
#   target, or a column from the future, gives a fine metric and a useless model.
# - **The knowledge is elsewhere:** in joins, in text, in images, in the order of events.
# - **You need a cause or a simple rule.** A search finds what predicts, not what acts.
# - **There are few rows.** If the interval is wide, more trials only choose luck.
# - **Price, memory or milliseconds count.** The search looks at the one metric that you name.
#
# It is at its best on the first day: as a baseline to beat, and as a start for your own notebook.
# And that is the answer by lunch: the test error with its interval, and the notebook behind it.
#
# ## On Databricks
#
# > - The platform has an AutoML of its own, `from databricks import automl`, with the calls
# >   `classify`, `regress` and `forecast`. It is a glass box as well: a notebook for each trial,
# >   and one that explores the data.
# > - From Databricks Runtime 18.0 ML on, it is no longer included. The exam guide still asks for
# >   it.
# > - `max_trials` is not supported there since Runtime 11.0 ML; you give `timeout_minutes` instead.
# >   Our package takes both.
# > - If a data set is too large for a worker, it is sampled there, too.
# > - `docs/automl.md` has a table of all arguments, there and here.
#
# ## What you know now
#
# - A search gives a leaderboard. Read it against its baseline, its interval and the test rows,
#   which had no part in the choice.
# - Each trial is a notebook that gives its metric again, with SHAP inside.
# - An edited copy logs to the same experiment, so it competes with the search.
# - Registering and serving the best trial is one call each. The form makes the same calls.
#
# **Check yourself:** a colleague runs 500 trials on 300 rows and reports the best validation
# metric. Which two numbers do you ask for?
#
# <details><summary>Answer</summary>
#
# The error on test rows that had no part in the choice, and the width of the interval (or the
# number of validation rows behind the metric). The best of 500 is chosen for its luck too: with 300
# rows the validation part is so small that many trials lie within chance of each other. Ask for the
# baseline as well.
# </details>
#
# **Exam:** how AutoML helps to choose models and features, and what it is good for in development;
# finding the best run by code; regression metrics; deploying and querying a model in real time.
#
# **Next:** the lab. Is it predictable who leaves a telephone company, and can you beat the search?
# Then lesson 15: features that are made once and found by everybody.
