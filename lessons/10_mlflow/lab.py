# %% [markdown]
# # 10 · MLflow, lab
#
# **The question of this lab:** which data made a model, which model is in use, who decided that,
# and how do you undo it?
#
# Noor looks after the model that suggests prices to hosts. On Monday a host calls: the shop asks
# about the same price for a bed in a shared room as for a house with five bedrooms. On Friday it
# did not. To help him, Noor has to follow this chain backwards, from the price to the data:
#
# ```mermaid
# graph LR
#   table["Delta table<br/>version 0, 1, …"] --> run["run<br/>parameters, metrics, model"]
#   run --> version["registered model<br/>version 1, 2, …"]
#   version --> alias["alias<br/>champion"] --> shop["price in the shop"]
# ```
#
# In words: a version of a table goes into a run, the run's model becomes a version of a registered
# model, an alias points to one version, and the shop uses whatever the alias points to. In
# questions 1 to 5 you build each link, in question 6 you follow them back.
#
# - **Time:** 35 minutes
# - **You will:** log a run with the version of its data; extend a table by a column; query the best
#   run; register, promote and roll back
# - **Before you start:** the demos of lessons 08 and 09
# - **Data:** the training rows of `listings`
#
# **The tools you need, and where they were shown**
#
# - `start_run`, `log_params`, `log_metric`, `log_model`, `search_runs`: lesson 08
# - versions, their descriptions and tags, aliases, `Approvals` with `request`, `approve`, `history`
#   and `roll_back`: lesson 09, and [docs/registry.md](../docs/registry.md). `register_model` is
#   explained in question 4
# - `versionAsOf`, `mergeSchema` and the history of a Delta table: lesson 02
# - the logarithm of the price as a label: lesson 07; validation rows: lesson 03
#
# Replace each `...` with your code, run the cell, then run the check below it. `lab.q1.hint()`
# gives a hint, and the next one when you call it again. Keep all digits of every number that you
# log; round only what you print.

# %%
import logging
from contextlib import redirect_stderr
from io import StringIO
from uuid import uuid4

import mlflow
import numpy as np
import sklearn
from delta import DeltaTable
from pyspark.sql import functions as F
from sklearn.linear_model import LinearRegression
from sklearn.metrics import root_mean_squared_error

from course_utils import ask_quiz, get_spark, load_split, open_lab

spark = get_spark("10_mlflow_lab")
lab = open_lab("10")

# %% [markdown]
# These are the rows: six columns, the price, and a column `part` that says which rows a model may
# learn from ("fit") and which rows it is judged by ("validation"). The split is a column of the
# data, so a version of the data is a version of the split, too.

# %%
FEATURES = ["accommodates", "bedrooms", "bathrooms"]
FEATURES += ["minimum_nights", "number_of_reviews", "review_scores_rating"]

# %% tags=["nbval-check-output"]
train, _ = load_split("listings")
in_validation = F.pmod(F.xxhash64(*train.columns), F.lit(5)) == 1
part = F.when(in_validation, "validation").otherwise("fit").alias("part")
listings = train.select(*FEATURES, "price", part).coalesce(1).cache()
for row in listings.groupBy("part").count().orderBy("part").collect():
    print(f"{row['count']:,} rows in {row['part']}")

# %% [markdown]
# Your runs go to the experiment `10_mlflow_lab`. `fresh("name")` gives a name that nothing has yet,
# neither a folder nor a model. Answers use it, so you may run each of them as often as you like.

# %%
from course_utils import make_work_dir, set_experiment

logging.getLogger("mlflow").setLevel(logging.ERROR)  # its reports on progress would be red
experiment_id, client = set_experiment("10_mlflow_lab"), mlflow.MlflowClient()
work = make_work_dir("10_mlflow_lab")


# %%
def fresh(name):
    """`name` with an ending that makes it new."""
    return f"{name}_{uuid4().hex[:8]}"


# %% [markdown]
# A model is kept with a list of the packages that it needs. If you don't give the list, MLflow
# starts a second Python to find out, which takes a while.

# %%
REQUIREMENTS = [f"scikit-learn=={sklearn.__version__}"]

# %% [markdown]
# ## Question 1 · A run that knows its data
#
# Write `listings` as a Delta table to `q1_table`. That is version 0 of the table. Then read this
# version back as pandas (a few thousand rows, so they fit on the driver), and train scikit-learn's
# `LinearRegression` of `price` on the columns `FEATURES`, on the rows whose `part` is "fit".
#
# Log one run to the experiment of this lab. `run_0` is its id. When the run has finished, it has
#
# - the parameters `data_path` (the folder of the table), `data_version` (the version of the table
#   that the model learned from) and `label` (the column that the model predicts)
# - the metric `validation_rmse`: the RMSE in dollars on the rows whose `part` is "validation".
#   `root_mean_squared_error(true, predicted)` computes it
# - the model under the name `model`, with a signature and an input example. If you give `log_model`
#   an example, MLflow makes the signature from it. Also give it `pip_requirements=REQUIREMENTS`

# %% answer="q1" tags=["nbval-check-output"]
q1_table = f"{work}/{fresh('listings')}"
# TODO q1: the table at q1_table, then a run with all that is asked for, and its id.
### STUB run_0 = ...
### BEGIN SOLUTION
listings.write.format("delta").save(q1_table)
data_version = DeltaTable.forPath(spark, q1_table).history(1).first()["version"]
rows = spark.read.format("delta").option("versionAsOf", data_version).load(q1_table).toPandas()
known, unseen = rows[rows["part"] == "fit"], rows[rows["part"] == "validation"]

with mlflow.start_run(run_name="price") as run:
    model = LinearRegression().fit(known[FEATURES], known["price"])
    rmse = root_mean_squared_error(unseen["price"], model.predict(unseen[FEATURES]))
    mlflow.log_params({"data_path": q1_table, "data_version": data_version, "label": "price"})
    mlflow.log_metric("validation_rmse", rmse)
    how = {"input_example": known[FEATURES].head(3), "pip_requirements": REQUIREMENTS}
    mlflow.sklearn.log_model(model, name="model", **how)
run_0 = run.info.run_id
print(f"version {data_version} of the data, validation RMSE ${rmse:.2f}")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# In a year, somebody who has only the id of this run can read back the rows that it learned from:
# the path and the version are all that `versionAsOf` needs, as long as nobody vacuums the table.
#
# ## Question 2 · A new column, a new version
#
# Prices are skewed, so the next model shall predict the logarithm of the price. The logarithm
# shall be in the table, for everybody who trains on it.
#
# Give the table at `q1_table` a column `log_price`, the natural logarithm of `price`. This is
# **schema evolution**: the table gets one column more, every row keeps the values that it had, and
# a reader who asks for the old version still gets it.
#
# - `old_rows`: the rows of version 0 as pandas, read from the table *after* you have changed it
# - `run_1`: the id of a second run like that of question 1, but with the label `log_price`, from
#   the version of the table that has this column. The names of parameters, metric and model are
#   the same
#
# This model predicts logarithms, but its `validation_rmse` has to be in dollars again. Otherwise
# nobody can compare the two runs. **Predict** first: what does `np.exp` have to be applied to, the
# predictions or the error?

# %% answer="q2" tags=["nbval-check-output"]
# TODO q2: the table with log_price; version 0 of it as pandas; a run, and its id.
### STUB old_rows = ...
### STUB run_1 = ...
### BEGIN SOLUTION
wider = listings.withColumn("log_price", F.log("price"))
wider.write.format("delta").mode("overwrite").option("mergeSchema", "true").save(q1_table)
data_version = DeltaTable.forPath(spark, q1_table).history(1).first()["version"]
old_rows = spark.read.format("delta").option("versionAsOf", 0).load(q1_table).toPandas()
rows = spark.read.format("delta").option("versionAsOf", data_version).load(q1_table).toPandas()
known, unseen = rows[rows["part"] == "fit"], rows[rows["part"] == "validation"]

with mlflow.start_run(run_name="log_price") as run:
    model = LinearRegression().fit(known[FEATURES], known["log_price"])
    rmse = root_mean_squared_error(unseen["price"], np.exp(model.predict(unseen[FEATURES])))
    mlflow.log_params({"data_path": q1_table, "data_version": data_version, "label": "log_price"})
    mlflow.log_metric("validation_rmse", rmse)
    how = {"input_example": known[FEATURES].head(3), "pip_requirements": REQUIREMENTS}
    mlflow.sklearn.log_model(model, name="model", **how)
run_1 = run.info.run_id
print(f"validation RMSE ${rmse:.2f}; {len(old_rows.columns)} columns, then {len(rows.columns)}")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · The best run
#
# Your colleagues work on prices, too. The next cell trains their models and logs them to an
# experiment of the team. Their table began with the listings of up to 200 dollars as version 0, and
# got all others as version 1. One of their runs died when it had been judged by the cheapest tenth
# of the validation rows.

# %% tags=["nbval-check-output"]
from course_utils import helpers

colleagues = helpers("10").Colleagues(listings, f"{work}/{fresh('team')}", fresh)
team, experiment_id = colleagues.experiment, set_experiment("10_mlflow_lab")
print(f"{len(client.search_runs([team]))} runs in the experiment of the team")

# %% [markdown]
# The id of the team's experiment is in `team`. Its runs have the parameters `data_version` and
# `unit`, among others. `unit` says what `validation_rmse` is measured in: "dollars", or
# "log dollars" where somebody computed it from logarithms.
#
# Which run do you go on with? Let the code find the run that has the lowest `validation_rmse` among
# those that
#
# - have finished,
# - learned from version 1 of the table, and so were judged on the same rows,
# - measured their error in dollars.
#
# `best_run` is its id. MLflow keeps each parameter as text, so a filter writes `'1'` in quotes.

# %% answer="q3" tags=["nbval-check-output"]
# TODO q3: the id of the best run, found by a query.
### STUB best_run = ...
### BEGIN SOLUTION
fair = "attributes.status = 'FINISHED' and params.data_version = '1' and params.unit = 'dollars'"
order = ["metrics.validation_rmse ASC"]
best = client.search_runs([team], filter_string=fair, order_by=order, max_results=1)[0]
best_run = best.info.run_id
print(f"{best.info.run_name}, ${best.data.metrics['validation_rmse']:.2f}")
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · Register
#
# Back to your two runs. Register the models of `run_0` and `run_1` as two versions of one
# registered model with the name `q4_model`.
#
# - `version_0` and `version_1`: the numbers of the two versions
# - each **version** has a description of its own, a sentence for those who have nothing else
# - each version has the tag `label`, with the value that its run has under this name. One model
#   answers in dollars and the other one in logarithms, and from this tag a caller knows which
# - the alias `champion` points to the version whose run has the lower `validation_rmse`
#
# `mlflow.register_model(address, name)` makes a version of a model that has been logged, and the
# registered model itself if there is none. The address of a run's model is `runs:/<run id>/model`;
# the number is in `.version` of what you get. It reports its progress in red, which is no error.

# %% answer="q4"
q4_model = fresh("10_price")
# TODO q4: two versions of q4_model with descriptions and tags, and the alias.
### STUB version_0 = ...
### STUB version_1 = ...
### BEGIN SOLUTION
errors = {}
for run_id in (run_0, run_1):
    with redirect_stderr(StringIO()):  # MLflow reports its progress there
        number = mlflow.register_model(f"runs:/{run_id}/model", q4_model).version
    data = client.get_run(run_id).data
    label, errors[number] = data.params["label"], data.metrics["validation_rmse"]
    client.update_model_version(q4_model, number, f"A line from six columns to {label}")
    client.set_model_version_tag(q4_model, number, "label", label)
version_0, version_1 = errors
client.set_registered_model_alias(q4_model, "champion", min(errors, key=errors.get))
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Promote
#
# In the team, nobody moves the alias alone: one person asks, another one approves, and the log
# keeps both.

# %%
from course_utils.registry import Approvals

approvals = Approvals()

# %% [markdown]
# `colleagues.model("Thursday")` makes a fresh registered model of the team, as it was on Thursday,
# and gives its name. It has four versions; version 1 is the champion, because it was the first.
#
# Find out which version of `q5_model` deserves to be champion: `client.get_model_version(name, n)`
# has the `run_id` of a version, and its run has the parameters and metrics of question 3. Compare
# versions as fairly as you compared runs.
#
# Then promote it with `approvals`: Noor asks, Mira approves. `promoted` is the number of the
# version.

# %% answer="q5" tags=["nbval-check-output"]
q5_model = colleagues.model("Thursday")
# TODO q5: choose a version, request the alias champion for it, let somebody else approve.
### STUB promoted = ...
### BEGIN SOLUTION
errors = {}
for each in client.search_model_versions(f"name = '{q5_model}'"):
    data = client.get_run(each.run_id).data
    if data.params["data_version"] == "1" and data.params["unit"] == "dollars":
        errors[int(each.version)] = data.metrics["validation_rmse"]
promoted = min(errors, key=errors.get)
why = f"validation RMSE of {errors[promoted]:.2f} dollars instead of {errors[1]:.2f}"
request = approvals.request(q5_model, promoted, by="noor", comment=why)
approvals.approve(request.id, by="mira", comment="computed again, agreed")
print(f"version {promoted}: {why}")
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Question 6 · Monday
#
# On Friday, Noor's version became champion. On the weekend the team went on without her, and on
# Monday the host called. This is what the shop does: it loads the champion, and from the tag
# `label` it knows whether the answer is a logarithm.


# %%
def shop_prices(name, rows):
    """The prices in the shop, in dollars, by the champion of a registered model."""
    champion = mlflow.pyfunc.load_model(f"models:/{name}@champion")
    label = client.get_model_version_by_alias(name, "champion").tags["label"]
    predicted = champion.predict(rows[FEATURES])
    return np.exp(predicted) if label == "log_price" else predicted


# %% [markdown]
# Here are its prices for the smallest and for the largest place among the validation rows, on
# Friday and on Monday:

# %% tags=["nbval-check-output"]
homes = colleagues.rows[1]["validation"].sort_values(FEATURES).iloc[[0, -1]]
for day in ("Friday", "Monday"):
    small, large = shop_prices(colleagues.model(day), homes)
    print(f"{day}: ${small:.0f} for the smallest place, {large - small:+.0f} for the largest one")

# %% [markdown]
# The second number of a line is what the shop adds for the largest place. On Monday it is next to
# nothing, or less than that: that is what the host complained about.
#
# `q6_model` is the team's model as it is on Monday. Find in its history what went wrong:
#
# - `culprit`: a dict with the keys `version` (the version that should never have become champion),
#   `asked_by` and `approved_by` (the names of the two)
# - `approved_at`: the time of the approval, as in the history
#
# Then roll the alias back to the version that held it before, so that the history says who did it
# and why. The wrong version stays in the registry: it is evidence.
#
# **Predict** first: why did two careful people take this version for the better one?

# %% answer="q6" tags=["nbval-check-output"]
q6_model = colleagues.model("Monday")
# TODO q6: what went wrong, from the history, into two names; then roll back.
### STUB culprit = ...
### STUB approved_at = ...
### BEGIN SOLUTION
wrong = int(client.get_model_version_by_alias(q6_model, "champion").version)
log = approvals.history(q6_model)
entries = log[log["version"] == wrong].set_index("activity_type")
asked, approved = entries.loc["REQUESTED_TRANSITION"], entries.loc["APPROVED_REQUEST"]
culprit = {"version": wrong, "asked_by": asked["user_id"], "approved_by": approved["user_id"]}
approved_at = approved["creation_timestamp"]
why = f"the error of version {wrong} is in log dollars: {asked['comment']}"
back = approvals.roll_back(q6_model, by="noor", comment=why)
print(f"{asked['user_id']} asked, {approved['user_id']} approved; champion is version {back} again")
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
# - A run that has the path and the version of its data can be repeated; one that has only a metric
#   can be believed or not.
# - `mergeSchema` adds a column and leaves the old version readable. `overwriteSchema` puts another
#   schema in place of the old one.
# - A metric compares runs only if they have finished and were judged on the same rows, in the same
#   unit. The query has to say so.
# - An alias is the one thing to move, forward and back. Versions stay where they are, and the log
#   tells why the alias is where it is.
#
# **On Databricks**
#
# - Tracking needs no set-up: a notebook logs to the server of its workspace, and to an experiment
#   of its own if you set none.
# - Models are registered in Unity Catalog under names with three levels, `catalog.schema.model`. A
#   model without a signature is refused there.
# - Unity Catalog has aliases and no stages. Only the owner of a registered model may set an alias.
# - `request` and `approve` are this course's own. The workspace registry had transition requests
#   for stages; with Unity Catalog, an approval is a task of a deployment job that looks for a tag
#   of the version.
# - `mergeSchema`, `overwriteSchema` and `versionAsOf` are the same: they belong to Delta.
#
# **Check yourself:** the team's table gets a version 2 with half a year of new listings. What do
# you compare a model with that was trained on it, and on which rows?
#
# **Exam:** logging parameters, metrics and models by hand; finding the best run with the MLflow
# client; registering a model with the client; tags of model versions; moving the alias from
# challenger to champion; and, in the older guide, requests for a change of stage.
#
# **Next:** the quiz below, then lesson 11, where a tree predicts prices without any formula.

# %%
ask_quiz("10")
