# %% [markdown]
# # 14 · AutoML
#
# **The question of this notebook:** what can a program find out about a table on its own, and how
# do you check, change and use what it found?
#
# - **Time:** 30 minutes; the lab takes 30 more
# - **You will:** let a search try models and read its result with its uncertainty; run a trial's
#   notebook and get its metric again; change that notebook and beat the search; register the best
#   trial and serve it over REST
# - **Before you start:** lessons 06 and 07; what a run and an experiment are in MLflow
# - **Data:** `listings`, one row per place to rent, with its price per night in dollars
# - **Exam:** 2025-3, 2025-4, 2025-11, 2025-39, 2025-47; earlier guide S1

# %%
import time
from pathlib import Path
from subprocess import DEVNULL

import matplotlib.pyplot as plt
import mlflow
import nbformat
import numpy as np
import pandas as pd
from IPython.display import HTML
from nbclient import NotebookClient

from course_utils import automl, get_spark, get_truth, load, make_work_dir, set_experiment, show

spark = get_spark("14_automl")

# %% [markdown]
# ## What AutoML is for
#
# You have a table, a column to predict and a metric. Before you think about models you want to
# know: is there anything to be learned here, about how much, and which kind of model suits? That
# work is much the same each time: split, fill gaps, encode names, fit several kinds of model,
# compare, write it down. AutoML does it in one call.
#
# Databricks had a closed service for this, and its AutoML has left the newest runtimes. The
# package used here takes the same arguments and runs anywhere. It is a *glass box*: besides a
# model it leaves the code of each trial, as a notebook.
#
# ## One call
#
# We ask for the price. The metric is the mean absolute error, in dollars; it belongs in the call,
# because it decides who wins. Five trials keep this lesson short. **Predict:** the first trial
# ignores all columns, two are linear, two are boosted trees. Who leads?

# %%
listings = load("listings")
set_experiment("14_automl")
begin = time.time()
summary = automl.regress(
    listings,
    target_col="price",
    primary_metric="mae",
    max_trials=5,
    experiment_name="14_automl",
    experiment_dir=make_work_dir("14_automl"),
)
print(summary)

# %% [markdown]
# Read the warnings first. A column "encoded by the target's mean" has too many names for a column
# each: a name becomes the mean price of its rows, as learned in the fit. Left out are columns that
# are constant, look like identifiers or equal the target; one that orders the rows as the target
# does is kept and reported: AutoML cannot know whether a column will be there on the day of the
# prediction. You can, and `exclude_cols` takes it out.
#
# Which rows did what? 60 % train, 20 % validate, 20 % test. Trials are compared on the validation
# rows; the test rows were used once, by the best trial, after the choice. `time_col` splits in
# order of time instead, `split_col` as you say.

# %% tags=["nbval-check-output"]
print(f"{len(summary.trials)} trials, compared {summary.evaluation}")
print({name: rows for name, rows in summary.data_used.items() if name != "in the table"})

# %% [markdown]
# `single-node` and `Spark ML` tell how many rows the final fit of such a model takes: training and
# validation rows together, or a sample of them. The platform's AutoML samples without asking where
# a table is too large for one worker; this one says so in a warning, and then tries models of Spark
# ML, which see all rows. Below that size one worker is faster, so trials of scikit-learn, XGBoost
# and LightGBM run as Spark tasks, as many at a time as there are cores.
#
# ## Who won, and is it sure?

# %%
board = summary.leaderboard()
print(board[["trial", "model", "mae", "seconds"]].round(2).to_string(index=False))

# %% [markdown]
# The baseline is what any model must beat; without it, dollars of error say nothing. The first
# trial on each core also loads libraries, so its `seconds` mislead. Now the uncertainty: had other
# listings been drawn for validation, the numbers would differ. Drawing from the same rows, with
# replacement, shows by how much.

# %%
low, high = summary.interval
inside = board["mae"].between(low, high)
print(f"The best trial's MAE is ${board['mae'].min():.1f}; resampled, ${low:.1f} to ${high:.1f}")
print(f"{inside.sum()} of {len(board)} trials lie inside that interval")
print("On test rows: ${:.1f}, resampled ${:.1f} to ${:.1f}".format(
    summary.test_metrics["mae"], *summary.test_interval))

# %% [markdown]
# A trial far outside the interval is worse by more than the luck of these rows explains. About one
# inside you cannot say much yet, and a third digit of the metric says nothing. Just outside and
# just inside are much the same: the edge is uncertain, too. Two more cautions: the best of many
# trials looks a little better than it is, because luck helped to choose it, and only the test rows
# are free of that. And one model's interval is no test of a *difference*: two models miss on the
# same rows, so their difference is steadier than either. The lab compares that way.
#
# ## The notebook about the data
#
# The search wrote it before the first trial. It was written, not run; this function runs it.

# %%
def run_notebook(path):
    """Run a notebook's cells in a fresh kernel; what they print and draw stays in the file."""
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(Path(path).parent)}}
    NotebookClient(notebook, resources=place).execute(stderr=DEVNULL)
    nbformat.write(notebook, path)
    return notebook


# %% [markdown]
# These are its chapters. Test rows are left out of it: who looks at them chooses by them.

# %% tags=["nbval-check-output"]
looks = run_notebook(summary.exploration_path)
lines = "\n".join(cell.source for cell in looks.cells if cell.cell_type == "markdown").splitlines()
print("\n".join(line for line in lines if line.startswith("## ")))


# %%
def picture(notebook, word):
    """The first figure of an executed notebook whose text has this word."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pages = [output.get("data", {}).get("text/html", "") for output in outputs]
    return HTML(next(page for page in pages if word in page.split("src=")[0]))


picture(looks, "correlations")

# %% [markdown]
# Rank correlations with the price, the strongest first: a first idea of what matters, column by
# column. A column that is weak here may still matter together with another one.
#
# ## A notebook per trial
#
# The cells of this notebook *are* the trial: the search ran their text, and the trial's MLflow run
# keeps a copy. Here is its model; the other cells load, split, prepare, compare, fit for use, test,
# explain and log.

# %%
best = summary.best_trial
trial = nbformat.read(best.notebook_path, as_version=4)
print(next(cell.source for cell in trial.cells if "estimator = " in cell.source))

# %% [markdown]
# **Predict:** in a fresh kernel, will it find exactly the metric of the leaderboard, nearly that,
# or another one, as training is random?

# %% tags=["nbval-check-output"]
again = best.rerun()
same = np.isclose(again, best.evaluation_metric_score, rtol=1e-6)
print(f"the same metric to six digits: {same}")

# %% [markdown]
# Everything random has a seed, and the rows of each part are stored beside the notebook. So the
# result can be reproduced by someone who has only this folder, and can be reviewed as code.
#
# The run also made the SHAP figure. A SHAP value says how many dollars a column moved the
# prediction for one listing away from the mean prediction.

# %%
picture(nbformat.read(best.notebook_path, as_version=4), "SHAP")

# %% [markdown]
# SHAP explains the *model*, not the world: among columns that go together, the model may have
# picked any one.
#
# ## Change a notebook
#
# Here a person comes in. Lesson 07 showed that prices act by percent: what doubles a price doubles
# the miss. Linear models of the logarithm know that. **Predict:** how far up does the ridge
# regression move on the leaderboard, if it learns log(price)? Its notebook needs two lines.

# %%
TWO_LINES = """\
from sklearn.compose import TransformedTargetRegressor
estimator = TransformedTargetRegressor(estimator, func=np.log, inverse_func=np.exp)
pipeline = Pipeline("""
ridge = next(trial for trial in summary.trials if trial.params["family"] == "ridge")
notebook = nbformat.read(ridge.notebook_path, as_version=4)

# %% [markdown]
# In JupyterLab you would open it, type, and save it under another name. By code it is two
# replacements, the second of which gives the run a name of its own.

# %%
for cell in notebook.cells:
    cell.source = cell.source.replace("pipeline = Pipeline(", TWO_LINES)
    cell.source = cell.source.replace(", run again", ", of log(price)")
edited = Path(ridge.notebook_path).with_name("ridge_of_log_price.ipynb")
nbformat.write(notebook, edited)
run_notebook(edited)
print(f"{edited.name} was run")

# %% [markdown]
# Its last cells log to the experiment of the search, so all runs stand side by side. This is also
# how you find the best run by code, in any experiment: sort by the metric, not by time.

# %%
since = f"attributes.start_time >= {int(1000 * begin)}"
runs = mlflow.search_runs(experiment_names=["14_automl"], filter_string=since,
                          order_by=["metrics.validation_mae"])
runs = runs.set_index("tags.mlflow.runName")
print(runs["metrics.validation_mae"].round(2).to_string())

# %% [markdown]
# How much is that? On generated data the rule behind the prices is known, so we can ask what error
# the best possible guess makes on the same rows: it knows everything but the noise.

# %%
rows = pd.read_parquet(Path(summary.exploration_path).with_name("data.parquet"))
validation, truth, floor = rows[rows["_automl_split"] == "validate"], get_truth("listings"), np.nan
if truth:
    best_guess = np.exp(truth.mean_log_price(validation))
    floor = (validation["price"] - best_guess).abs().mean()

# %%
scores = runs["metrics.validation_mae"][~runs.index.str.endswith("run again")][::-1]
searched, mine = board["mae"].min(), scores[scores.index.str.endswith("of log(price)")].iloc[0]
print(f"The edited notebook: ${mine:.1f}; the best trial: ${searched:.1f}")
if truth:
    share = (searched - mine) / (searched - floor)
    print(f"The best possible guess misses by ${floor:.1f}: two lines close {share:.0%} of the gap")

# %% [markdown]
# The lab shows how sure such a gain is. The same as a picture, with the interval from above:

# %%
fig, ax = plt.subplots(figsize=(8, 3.6))
ax.axvspan(low, high, color="0.85", label="95 % interval of the search's best")
ax.plot(scores, scores.index, "o", label="run")
if truth:
    ax.axvline(floor, color="black", linestyle="--", label="the best possible guess")
ax.set(title=f"MAE in dollars: {mine:.0f} of the edited notebook, {searched:.0f} of the search",
       xlabel="mean absolute error on validation rows ($)")
ax.legend()
possible = f"; the best possible guess makes ${floor:.0f}" if truth else ""
show(fig, alt="Dots: the validation error of each run in dollars, with the interval of the "
     f"search's best, ${low:.0f} to ${high:.0f}{possible}.")

# %% [markdown]
# More trials might have found the logarithm, too: it is part of this search where a target has a
# long tail. What no search finds is what is not in its space: a column from another table, a
# ratio that only the business knows, a better question.
#
# ## Register and serve
#
# One call each. The model has been in MLflow since the search; registering gives it a name and a
# version, and serving starts MLflow's own scoring server on this machine.

# %%
version = summary.register("14_price")
print(f"{version.name}: {version.description}")

# %% [markdown]
# The answers over HTTP should be those of the model itself.

# %% tags=["nbval-check-output"]
some = rows[rows["_automl_split"] == "test"].head(5)
with summary.serve() as server:
    answers = server.predict(some.drop(columns="price"))
print(len(answers), "prices, the same as without a server:",
      np.allclose(answers, best.load_model().predict(some)))

# %% [markdown]
# ## The form
#
# The same search without typing: choose in the form, press its button. It shows the call that it
# makes, so what was clicked can be repeated and reviewed.

# %%
form = automl.form(listings, "listings")
form.fields["problem"].value = "regress"
form.fields["target_col"].value = "price"
form.fields["primary_metric"].value = "mae"
form.fields["max_trials"].value = 5
form

# %% [markdown]
# Its fields carry the names of the arguments, so code can read them, too.

# %% tags=["nbval-check-output"]
print(form.call)

# %% [markdown]
# ## When not to use it
#
# - **The question is not settled.** AutoML takes the target and the columns as given. A wrong
#   target, or a column from the future, gives a fine metric and a useless model.
# - **The knowledge is elsewhere:** in joins, in text, in images, in the order of events.
# - **You need a cause or a simple rule.** A search finds what predicts, not what acts.
# - **Few rows.** Where the interval is wide, more trials only choose luck.
# - **Price, memory or milliseconds count.** Only the metric that you name is looked at.
#
# It is at its best on the first day, as a baseline to beat, and as a start for your own notebook.
#
# ## What you know now
#
# - A search gives a leaderboard, to be read against its baseline, its interval and the test rows,
#   which had no part in the choice.
# - Each trial is a notebook that gives its metric again, with SHAP inside.
# - An edited copy logs to the same experiment, so it competes with the search.
# - Registering and serving the best trial is one call each; the form makes the same calls.
#
# **Check yourself:** a colleague runs 500 trials on 300 rows and reports the best validation
# metric. Which two numbers do you ask for?
#
# **Next:** the lab: is it predictable who leaves a telephone company, and can you beat the search?
# Then lesson 15: features that are made once and found by everybody.
