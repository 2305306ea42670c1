# %% [markdown]
# # 14 · AutoML, lab
#
# **The question of this lab:** can you predict which customers leave, and what can you add to
# what a search finds?
#
# - **Time:** 30 minutes
# - **You will:** say what a model has to beat; decide whether there is anything to predict; edit a
#   trial's notebook so that it beats the search, and say how sure that is; register your model
# - **Before you start:** these tools, and where you saw them: `automl`, its `summary`,
#   `load_model` and a trial's notebook (demo of this lesson), the baseline and the test rows
#   (lesson 03), pandas. New here and explained below: `predict_proba` and `roc_auc_score` of
#   scikit-learn, drawing rows anew with `np.random.default_rng`, and MLflow's `register_model`,
#   versions and aliases
# - **Data:** `churn`, one row per customer of a telephone company; `churned` is "yes" for those who
#   left
#
# Replace each `...` with your code, run the cell, then run the check below it. `lab.q1.hint()`
# gives a hint, and the next one when you call it again. Keep all digits of a number, and round
# only what you print: a rounded answer does not pass.

# %%
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from course_utils import ask_quiz, automl, get_spark, load, open_lab

spark = get_spark("14_automl_lab")
lab = open_lab("14")

# %% [markdown]
# ## A search, once for all questions
#
# The search runs three trials: the baseline, a logistic regression and boosted trees. It compares
# them by the area under the ROC curve (AUC). Take a customer who left and one who stayed: the AUC
# is the share of such pairs in which the model gives the higher probability to the one who left.

# %%
from course_utils import make_work_dir, set_experiment

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
# The search wrote down which rows it kept for the test; each part has the same share of leavers.
# `known` holds the other customers: models learn from them, and trials are compared on them, in
# five folds.

# %% tags=["nbval-check-output"]
folder = Path(summary.exploration_path).parent
part = pd.read_parquet(folder / "data.parquet")["_automl_split"]
table = load("churn").toPandas().assign(part=part)
known, test = table[table["part"] != "test"], table[table["part"] == "test"]
print(f"{len(known):,} known customers, {len(test):,} test customers")

# %% [markdown]
# ## Question 1 · What a model has to beat
#
# Imagine a model that looks at no column and gives the same answer for every customer. Compute on
# the test customers:
#
# - `baseline_accuracy`: the share of right answers, if the answer is the one that is more frequent
#   among the known customers
# - `baseline_auc`: the AUC, if every customer gets the same probability of leaving
#
# `roc_auc_score(left, score)` takes who left (True or False) and one number per customer.
# **Predict** both first. Does one of them depend on how many customers leave?

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: two numbers for the test customers.
### STUB baseline_accuracy = ...
### STUB baseline_auc = ...
### BEGIN SOLUTION
baseline_accuracy = (test["churned"] == known["churned"].mode()[0]).mean()
baseline_auc = roc_auc_score(test["churned"] == "yes", np.full(len(test), 0.3))
print(f"accuracy {baseline_accuracy:.2f}, AUC {baseline_auc:.2f}")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# On the leaderboard the baseline's AUC is not quite what you found. There each fold got a constant
# of its own, the share of leavers in the *other* folds, so a fold with more leavers got a slightly
# lower constant than one with fewer. Pairs from different folds are therefore not all ties.
#
# ## Question 2 · Is it predictable?
#
# Judge the best trial of the search on the test customers. `summary.best_trial.load_model()` is a
# fitted scikit-learn pipeline; its `predict_proba` gives one column of probabilities per class.
#
# - `probability`: a pandas Series with the index of `test`: the model's probability that this
#   customer leaves
# - `test_auc`: the AUC of these probabilities
# - `low` and `high`: the middle 95 % of the AUC when the test customers are drawn anew from
#   themselves, as many as there are, with replacement, at least 1,000 times
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
samples = [draw.integers(0, len(test), len(test)) for _ in range(1_000)]
drawn = [roc_auc_score(left.iloc[rows], probability.iloc[rows]) for rows in samples]
low, high = np.percentile(drawn, [2.5, 97.5])
predictable = bool(low > baseline_auc)
print(f"AUC {test_auc:.2f}, {low:.1f} to {high:.1f}; predictable: {predictable}")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# Predictable does not mean well predicted, nor worth the money. It means that the columns carry
# information about who leaves. You can add to it.
#
# ## Question 3 · Edit a notebook
#
# You show the result to the people at the support line. They tell you: *everybody complains about
# the price, but only customers who can leave at the end of the month leave because of it.*
#
# A logistic regression adds up the effects of its columns, so it cannot know that the price counts
# for some customers only. You can teach it. Its notebook is at `logistic.notebook_path`, and the
# cell below prints the part that prepares the columns. The next part, `preprocess = …`, lists the
# columns that the model gets. A column that you change is in that list already; a column that you
# add to `ready` must go into it, too.

# %%
import nbformat

logistic = next(trial for trial in summary.trials if trial.params["family"] == "logistic")
cells = nbformat.read(logistic.notebook_path, as_version=4).cells
print(next(cell.source for cell in cells if "def prepare" in cell.source))

# %%
import re
from contextlib import chdir, redirect_stderr, redirect_stdout
from hashlib import sha256
from io import StringIO

# %% [markdown]
# You have two tools. `edit` makes a copy of a notebook in which it replaces texts. `run_here`
# runs a notebook in this kernel, without its figures, prints its metric and gives the id of the
# run that it logged. It puts a hash of the code into a tag of the run, which shows later whether
# the notebook is still the one that ran. You may also edit the copy in JupyterLab.

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
# - `my_notebook`: the path of your edited copy. Trials are compared by `validation_roc_auc`: yours
#   must be at least 0.005 higher than that of the best trial of the search. Leave the cells that
#   load, split, measure, compare, fit for use, test and log as they are, except for the run's name
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
# - `gain_low` and `gain_high`: the middle 95 % of the gain when test customers are drawn anew, as
#   in question 2. Both models get the *same* drawn customers each time
# - `better`: `True` if that whole interval lies above zero
# - `left_over`: roughly what is left to gain. The data is generated, so the probability that drew
#   each answer is known: `TRUE[customer_id]`. Compute its AUC on the test customers and subtract
#   yours. On few rows luck may push this number below zero
#
# **Predict** first: will the interval of the gain be wider or narrower than that of one AUC?

# %%
from course_utils import get_truth

TRUE = get_truth("churn").probability

# %% [markdown]
# The AUC of the truth is below 1: whether a customer leaves is partly chance, and no model can
# predict chance.

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
# Register the model of your run as a version of `14_churn` and set the alias `champion` to that
# version. Describe the version in a sentence that tells what you changed: in a year it is all
# that a reader has. `version` is its number, an integer.
#
# MLflow may warn you in red that the run "has no artifacts at artifact path 'model', registering
# model based on models:/…". Nothing failed: MLflow keeps models beside runs, and the version is
# linked to the run all the same.

# %% answer="q5"
# TODO q5: the number of the version that is champion now.
### STUB version = ...
### BEGIN SOLUTION
client = mlflow.MlflowClient()
with redirect_stderr(StringIO()):  # MLflow reports its progress there
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
# - You judge a model against one that looks at no column. The AUC of such a model is one half,
#   however many customers leave.
# - An interval on test rows tells you whether there is anything to predict, and how sure a gain is.
#   Compare two models on the same drawn rows.
# - A line in a trial's notebook can hold what people know about the business, and the edited trial
#   competes with the search on equal terms.
# - The best reachable AUC is below 1, and only for generated data do you know how far.
#
# **Check yourself:** the company offers a discount to customers who are about to leave. Is AUC
# still the metric to search by? What would you have to know to choose another one?
#
# **Exam:** how AutoML helps to choose a model and its features, and its benefits in development;
# classification metrics such as ROC/AUC; registering a model with the MLflow client, and aliases
# that mark the champion.
#
# **Next:** the quiz below, then lesson 15: features that are made once and found by everybody.

# %%
ask_quiz("14")
