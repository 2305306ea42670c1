# %% [markdown]
# # 14 · AutoML, lab
#
# **The question of this lab:** is it predictable which customers leave, and what can you add to
# what a search finds?
#
# - **Time:** 30 minutes
# - **You will:** say what a model has to beat; decide whether there is anything to predict; edit a
#   trial's notebook so that it beats the search, and say how sure that is; register your model
# - **Before you start:** the demo of lesson 14
# - **Data:** `churn`, one row per customer of a telephone company; `churned` is "yes" for those who
#   left
# - **Exam:** 2025-3, 2025-4, 2025-14, 2025-38; earlier guide S1
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again.

# %%
import re
from contextlib import chdir, redirect_stderr, redirect_stdout
from hashlib import sha256
from io import StringIO
from pathlib import Path

import mlflow
import nbformat
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

# %%
from course_utils import (
    ask_quiz,
    automl,
    get_spark,
    get_truth,
    load,
    make_work_dir,
    open_lab,
    set_experiment,
)

spark = get_spark("14_automl_lab")
lab = open_lab("14")

# %% [markdown]
# ## A search, once for all questions
#
# Three trials: the baseline, a logistic regression and boosted trees. They are compared by the area
# under the ROC curve (AUC): the share of pairs of a customer who left and one who stayed in which
# the model finds the one who left the likelier.

# %%
set_experiment("14_automl_lab")
summary = automl.classify(
    load("churn"),
    target_col="churned",
    primary_metric="roc_auc",
    max_trials=3,
    experiment_name="14_automl_lab",
    experiment_dir=make_work_dir("14_automl_lab"),
)
print(summary.leaderboard()[["model", "roc_auc", "rows"]].round(3).to_string(index=False))

# %% [markdown]
# The search has written down which rows it kept for the test, the same share of leavers in each
# part. `known` are the others, from which models learn and by which trials are compared, in five
# folds.

# %% tags=["nbval-check-output"]
folder = Path(summary.exploration_path).parent
part = pd.read_parquet(folder / "data.parquet")["_automl_split"]
table = load("churn").toPandas().assign(part=part)
known, test = table[table["part"] != "test"], table[table["part"] == "test"]
print(f"{len(known):,} known customers, {len(test):,} test customers")

# %% [markdown]
# ## Question 1 · What a model has to beat
#
# Somebody looks at no column and gives the same answer for every customer. Compute on the test
# customers:
#
# - `baseline_accuracy`: how often this is right, if the answer is the one that is more frequent
#   among the known customers
# - `baseline_auc`: the AUC, if everybody gets the same probability of leaving
#
# **Predict** both first. Does one of them depend on how many customers leave?

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: two numbers for the test customers.
### STUB baseline_accuracy = ...
### STUB baseline_auc = ...
### BEGIN SOLUTION
most_frequent = known["churned"].mode()[0]
baseline_accuracy = (test["churned"] == most_frequent).mean()
baseline_auc = roc_auc_score(test["churned"] == "yes", np.full(len(test), 0.3))
print(f"accuracy {baseline_accuracy:.2f}, AUC {baseline_auc:.2f}")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# On the leaderboard the baseline's AUC is not quite what you found. There each fold was given a
# constant of its own, the share of leavers in the *other* folds: a fold with more leavers gets a
# little less than one with fewer. So pairs from different folds are not all ties.
#
# ## Question 2 · Is it predictable?
#
# Judge the best trial of the search on the test customers. `summary.best_trial.load_model()` is a
# fitted scikit-learn pipeline.
#
# - `probability`: a pandas Series with the index of `test`: the model's probability that this
#   customer leaves
# - `test_auc`: the AUC of these probabilities
# - `low` and `high`: the middle 95 % of the AUC when the test customers are drawn anew from
#   themselves, as many as there are, with replacement, at least 200 times
# - `predictable`: `True` if that whole interval lies above `baseline_auc`
#
# **Predict** first: how wide is the interval, with that many test customers?

# %% answer="q2" tags=["nbval-check-output"]
# TODO q2: a Series, three numbers, and True or False.
### STUB probability = ...
### STUB test_auc = ...
### STUB low, high = ..., ...
### STUB predictable = ...
### BEGIN SOLUTION
model = summary.best_trial.load_model()
leaves = list(model.classes_).index("yes")
probability = pd.Series(model.predict_proba(test)[:, leaves], index=test.index)
left = test["churned"] == "yes"
test_auc = roc_auc_score(left, probability)

draw = np.random.default_rng(14)
samples = [draw.integers(0, len(test), len(test)) for _ in range(500)]
drawn = [roc_auc_score(left.iloc[rows], probability.iloc[rows]) for rows in samples]
low, high = np.percentile(drawn, [2.5, 97.5])
predictable = bool(low > baseline_auc)
print(f"AUC {test_auc:.2f}, {low:.1f} to {high:.1f}; predictable: {predictable}")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# Predictable does not mean well predicted, and not yet worth the money. It means that the columns
# say something. What did the search make of them?
#
# ## Question 3 · Edit a notebook
#
# You show the result to the people at the support line. They say: *everybody complains about the
# price, but only those who can leave at the end of the month leave over it.*
#
# A logistic regression adds up what its columns say; it cannot know that the price counts for some
# customers only. You can teach it. Its notebook is at `logistic.notebook_path`; below is its cell
# that prepares the columns. Its next cell, `preprocess = …`, lists the columns that the model gets:
# one that you change is there, one that you add to `ready` you must add there, too.

# %%
logistic = next(trial for trial in summary.trials if trial.params["family"] == "logistic")
cells = nbformat.read(logistic.notebook_path, as_version=4).cells
print(next(cell.source for cell in cells if "def prepare" in cell.source))


# %% [markdown]
# Two tools: `edit` makes a copy of a notebook with texts replaced, and `run_here` runs a notebook
# in this kernel, without its figures, prints its metric and gives the id of the run that it logged.
# A tag of the run holds a hash of the code, so that one can see later whether the notebook is
# still the one that ran. You may as well edit the copy in JupyterLab.

# %%
def edit(path, name, changes):
    """A copy called `name` beside the notebook, each text in `changes` replaced; its path."""
    notebook, copy = nbformat.read(path, as_version=4), Path(path).with_name(name)
    for old, new in [(", run again", f", {copy.stem}"), *changes.items()]:
        if not any(old in cell.source for cell in notebook.cells):
            raise ValueError(f"no cell has the text {old!r}")
        for cell in notebook.cells:
            cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, copy)
    return str(copy)


# %%
def run_here(path):
    """Run a trial's notebook in this kernel, without its figures; the id of its MLflow run."""
    cells = nbformat.read(path, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    names, quiet = {"__name__": "__main__"}, StringIO()
    with chdir(Path(path).parent), redirect_stdout(quiet), redirect_stderr(quiet):
        for source in code:
            if not re.search(r"^(import shap|show\(figure)", source, re.MULTILINE):
                exec(source, names)
    run_id = names["run"].info.run_id
    state = sha256("\n".join(code).encode()).hexdigest()
    mlflow.MlflowClient().set_tag(run_id, "code_sha256", state)
    print(f"validation_roc_auc = {names['validation_metrics']['roc_auc']:.5f}")
    return run_id


# %% [markdown]
# Make
#
# - `my_notebook`: the path of your edited copy. In the metric that trials are compared by,
#   `validation_roc_auc`, it must beat the best trial of the search by at least 0.005. The cells
#   that load, split, measure, compare, fit for use, test and log stay as they are, but for the
#   run's name
# - `my_run`: the id of the MLflow run that it logged
#
# **Predict** first: by how much will the AUC rise?

# %% answer="q3"
# TODO q3: an edited copy that is better by at least 0.005, and its run.
### STUB my_notebook = ...
### STUB my_run = ...
### BEGIN SOLUTION
END = "    return pd.DataFrame(ready, index=frame.index)"
LINE = '    ready["monthly_price"] *= frame["contract"] == "monthly"\n'
my_notebook = edit(logistic.notebook_path, "price_if_monthly.ipynb", {END: LINE + END})
my_run = run_here(my_notebook)

print(f"{summary.best_trial.evaluation_metric_score:.5f} is the best trial's")
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · How sure is that?
#
# You have made your choice; now you may look at the test customers. Load your model with
# `mlflow.sklearn.load_model(f"runs:/{my_run}/model")`.
#
# - `gain`: your AUC minus that of `probability`, on the test customers
# - `gain_low` and `gain_high`: its middle 95 % when test customers are drawn anew. Both models get
#   the *same* drawn customers each time
# - `better`: `True` if that whole interval lies above zero
# - `left_over`: about what is left to gain; by luck of these rows it may fall below zero. The data
#   is generated, so the probability that drew each answer is known: `TRUE[customer_id]`. Take its
#   AUC on the test customers minus yours
#
# **Predict** first: will the interval of the gain be wider or narrower than that of one AUC?

# %%
TRUE = get_truth("churn").probability

# %% [markdown]
# The AUC of the truth is below 1: who leaves is partly chance, and no model knows chance.

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: four numbers, and True or False.
### STUB gain = ...
### STUB gain_low, gain_high = ..., ...
### STUB better = ...
### STUB left_over = ...
### BEGIN SOLUTION
my_model = mlflow.sklearn.load_model(f"runs:/{my_run}/model")
mine = pd.Series(my_model.predict_proba(test)[:, leaves], index=test.index)
my_auc = roc_auc_score(left, mine)
gain = my_auc - test_auc


def gain_in(rows):
    return roc_auc_score(left.iloc[rows], mine.iloc[rows]) - roc_auc_score(
        left.iloc[rows], probability.iloc[rows])


gain_low, gain_high = np.percentile([gain_in(rows) for rows in samples], [2.5, 97.5])
better = bool(gain_low > 0)
left_over = roc_auc_score(left, test["customer_id"].map(TRUE)) - my_auc
print(f"gain {gain:+.2f}, surely better: {better}; left over {left_over:.2f}")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Register it
#
# Register the model of your run as a version of `14_churn` and let the alias `champion` point to
# it. Describe the version in a sentence that says what was changed: who reads it in a year has
# nothing else. `version` is its number, an integer.
#
# MLflow may say in red that the run "has no artifacts at artifact path 'model', registering model
# based on models:/…". That is no failure: it keeps models beside runs, and the version is linked to
# the run all the same.

# %% answer="q5"
# TODO q5: the number of the version that is champion now.
### STUB version = ...
### BEGIN SOLUTION
client = mlflow.MlflowClient()
with redirect_stderr(StringIO()):  # MLflow tells its progress there
    registered = mlflow.register_model(f"runs:/{my_run}/model", "14_churn")
version = int(registered.version)
about = "Logistic regression; the price counts for monthly contracts only"
client.update_model_version("14_churn", registered.version, about)
client.set_registered_model_alias("14_churn", "champion", registered.version)
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Where you stand

# %%
lab.summary()

# %% [markdown]
# ## What you know now
#
# - A model is judged against an answer that knows nothing; for AUC that is one half, however many
#   leave.
# - An interval on test rows says whether there is anything to predict, and how sure a gain is. Two
#   models are compared on the same drawn rows.
# - What people know about the business goes into a trial's notebook in a line, and competes with
#   the search on equal terms.
# - The best reachable AUC is below 1, and only generated data tells where it is.
#
# **Check yourself:** the company offers leaving customers a discount. Is AUC still the metric to
# search by? What would have to be known to choose another?
#
# **Next:** the quiz below, then lesson 15: features that are made once and found by everybody.

# %%
ask_quiz("14")
