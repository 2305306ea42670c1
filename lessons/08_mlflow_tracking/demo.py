# %% [markdown]
# # 08 · MLflow tracking
#
# Noor advises owners on the price of their flats. Her colleague has left. His last mail says that
# the price model is done, and by how many dollars it is off on average. His folder holds three
# files. The director wants that model in front of customers by Friday.
#
# So Noor loads all three files and measures their mean absolute error, the dollars by which they
# miss on average, on listings that none of them has seen:

# %%
from pyspark.sql import functions as F

from course_utils import get_spark, helpers, load_split, make_work_dir, show

spark = get_spark("08_mlflow_tracking")
train, test = load_split("listings")

# %%
draw = helpers("08")
work = make_work_dir("08_mlflow_tracking")
held = F.pmod(F.hash("longitude", "latitude"), F.lit(5)) == 0
draw.drawer(work, train.filter(~held), train.filter(held))

# %% [markdown]
# The number of the mail does not fit any of the bars. (`held` is true for a fifth of the listings,
# by a hash of their place, so that they are the same ones in each run. `draw.drawer` has put the
# three files into a folder, loaded each of them, and predicted the prices of that fifth, which none
# of them has learned from.) Did her colleague use other rows? Other columns? Did he overwrite a
# file? There is nobody to ask, and a file of numbers does not remember where it comes from.
#
# **The question:** how do you work so that each number leads back to its model, its rows and its
# code, even among a hundred attempts?
#
# - **Time:** 50 minutes
# - **Before you start:** a Spark ML pipeline (lesson 07) and versions of a Delta table (lesson 02)
# - **Data:** `listings`, places to rent in one city, one row each, with the price per night
#
# Many teams answer this with *MLflow*. It writes down what you tell it while you work. Its unit is
# the *run*: one execution of some code that fits or tests a model. Here is all that belongs to it:
#
# ```mermaid
# flowchart LR
#     table[("data set:<br/>Delta path, version,<br/>digest")] --> run
#     subgraph experiment
#         run["<b>run</b><br/>parameters, metrics,<br/>tags, artifacts"]
#     end
#     run --> model["<b>logged model</b> m-…<br/>signature, example,<br/>environment"]
#     model -.-> version["version 1, 2, …"]
#     version -.-> alias["alias<br/>@champion"]
#     style version fill:#eee,stroke:#bbb,color:#999
#     style alias fill:#eee,stroke:#bbb,color:#999
# ```
#
# In words: a run reads a data set and belongs to an experiment. It holds parameters, metrics, tags
# and files, and it can produce logged models. Each of these words is explained where we need it.
# The two gray boxes are the model registry, which is the subject of lesson 09.
#
# ## A table with a past
#
# First, Noor needs rows that she can name. Her listings come in two deliveries, so she writes them
# to a Delta table in two steps:

# %%
path = f"{work}/listings"
early = F.pmod(F.hash("latitude", "longitude"), F.lit(5)) < 2
for part in (train.filter(early), train.filter(~early)):
    part.coalesce(1).write.format("delta").mode("append").save(path)

# %% [markdown]
# `early` sends about two fifths of the listings to the first delivery, by a hash of their place, so
# that they are the same ones each time. Each `save` makes a version of the table: the first
# delivery is version 0, and both together are version 1. We read version 1, by its number, and put
# the fifth from above aside to compare models on:

# %% tags=["nbval-check-output"]
rows = spark.read.format("delta").option("versionAsOf", 1).load(path)
known, new = rows.filter(~held).cache(), rows.filter(held).cache()
print(f"{known.count():,} rows to learn from, {new.count():,} to choose by")

# %% [markdown]
# `cache` keeps both in memory, as we will read them often. Now there are three sets with three
# purposes. A model learns from `known`. We choose among models by their error on `new`, the
# *validation* rows; the bars above stand for these as well. The rows in `test` judge the one that
# we chose, once. Until then nothing looks at them.
#
# ## The first run
#
# An *experiment* is a named collection of runs. `set_experiment` is the course's own function: it
# does what `mlflow.set_experiment` does, and says that everything goes to a small database on your
# machine (SQLite).

# %%
import mlflow

from course_utils import set_experiment

experiment = set_experiment("08_mlflow_tracking")

# %% [markdown]
# MLflow likes to talk while it works. To keep this page short, we let it speak of errors only:

# %%
import logging

logging.getLogger("mlflow").setLevel(logging.ERROR)

# %% [markdown]
# The first model is a Spark ML pipeline. It predicts the logarithm of the price from three columns.
# Its last stage turns that back into dollars (`__THIS__` is the table that arrives there). So the
# whole model speaks in dollars, and nobody who uses it can forget `exp`:

# %%
from pyspark.ml import Pipeline
from pyspark.ml.feature import RFormula, SQLTransformer
from pyspark.ml.regression import LinearRegression

formula = "log_price ~ bedrooms + accommodates + room_type"
to_dollars = "SELECT *, exp(log_prediction) AS prediction FROM __THIS__"
pipeline = Pipeline(stages=[
    RFormula(formula=formula, labelCol="log_price"),
    LinearRegression(labelCol="log_price", predictionCol="log_prediction"),
    SQLTransformer(statement=to_dollars)])

# %% [markdown]
# Now we fit it, inside a run. What is logged within the `with` block belongs to that run, and at
# its end the run is marked as finished, or as failed if there was an error.

# %%
from pyspark.ml.evaluation import RegressionEvaluator

off_by = RegressionEvaluator(labelCol="price", metricName="mae")
with mlflow.start_run(run_name="spark linear") as run:
    mlflow.log_params({"formula": formula, "family": "spark linear"})
    mlflow.set_tag("purpose", "a first try")
    spark_model = pipeline.fit(known.withColumn("log_price", F.log("price")))
    error = off_by.evaluate(spark_model.transform(new))
    mlflow.log_metric("validation_mae", error)

# %% [markdown]
# Three kinds of notes were taken. A *parameter* is something that you decided before the fit. A
# *metric* is a number that came out. A *tag* is any other word that you may want to find the run
# by. The run is in the database now, and any program that can open the database reads it back by
# its id:

# %% tags=["nbval-check-output"]
found = mlflow.get_run(run.info.run_id)
print(found.info.run_name, "·", found.info.status)
print(found.data.params)
print("validation_mae", round(found.data.metrics["validation_mae"], 4))

# %% [markdown]
# The last line is the error: this first model of three columns is off by so many dollars on new
# rows, on average. Keep the number in mind, since a hundred other models will have to beat it. Note
# that parameters are stored as *text*: you will meet that again. A parameter can be set once for
# each run; a second, different value is refused. A tag may be changed at any time, and a metric may
# have many values.
#
# ## A metric with steps
#
# Why would a metric have many values? Because some models grow. *Gradient boosting* adds one small
# tree after another, each of which corrects the ones before.
#
# **Predict:** we add 60 trees. What happens to the error on the rows that the model knows? And on
# new ones?
#
# scikit-learn wants the rows in this notebook's memory. They are a few thousand with ten numbers
# each, about half a megabyte, so `toPandas` is safe:

# %%
import numpy as np
from sklearn.ensemble import GradientBoostingRegressor

numbers = draw.NUMBERS
here, there = (part.select(*numbers, "price").toPandas()
               for part in (known, new))
boosting = GradientBoostingRegressor(
    n_estimators=60, learning_rate=0.4, max_depth=5, random_state=8)
boosting = boosting.fit(here[numbers], np.log(here["price"]))

# %% [markdown]
# `numbers` lists ten columns. `here` are the known rows in pandas, and `there` the new ones.
# `staged_predict` gives the predictions after one tree, after two, and so on. We log both errors
# with the number of trees as the *step*:

# %%
def mae(logs, rows):
    return float(np.mean(np.abs(np.exp(logs) - rows["price"])))


stages = zip(boosting.staged_predict(here[numbers]),
             boosting.staged_predict(there[numbers]), strict=True)
with mlflow.start_run(run_name="boosting, tree by tree") as run:
    mlflow.log_params({"learning_rate": 0.4, "max_depth": 5})
    for trees, (on_known, on_new) in enumerate(stages, 1):
        errors = {"train_mae": mae(on_known, here),
                  "validation_mae": mae(on_new, there)}
        mlflow.log_metrics(errors, step=trees)

# %% [markdown]
# An `MlflowClient` is the other way to talk to MLflow. The functions of `mlflow` itself work with
# "the current run"; a client works with any run, by its id. It also knows the whole history of a
# metric:

# %%
client = mlflow.MlflowClient()
history = {
    name: [m.value for m in client.get_metric_history(run.info.run_id, name)]
    for name in ("train_mae", "validation_mae")}

# %% [markdown]
# We draw it, and give the picture to the run, too. `start_run` with a `run_id` opens a run again:

# %%
figure, alt = draw.tree_by_tree(history)
with mlflow.start_run(run_id=run.info.run_id):
    mlflow.log_figure(figure, "tree_by_tree.png")
show(figure, alt=alt)

# %% [markdown]
# On known rows the error falls nearly to the end. On new ones the best moment comes early. After it
# the model learns its rows by heart: what it gains there no longer helps with others. (On the
# generated listings, new rows have the smaller error with the first tree. So the two sets are not
# equally hard, and the gap between the lines tells you less than the place where one of them
# turns.)
#
# So which of the 60 values is *the* `validation_mae` of this run?

# %% tags=["nbval-check-output"]
stored = mlflow.get_run(run.info.run_id).data.metrics["validation_mae"]
values = history["validation_mae"]
best = int(np.argmin(values)) + 1
print(f"stored ${stored:.2f}, last ${values[-1]:.2f}, best ${min(values):.2f}")

# %% [markdown]
# It is the **last** one, that of the highest step. Searches and tables use it, and not the best. If
# you want to find a run by its best step, log that as a metric with a name of its own.
#
# ## Files: artifacts
#
# Whatever is a file, or can become one, is an *artifact* of the run: the picture above, the list of
# columns, a report. `log_dict` writes a JSON file, `log_text` a text, `log_artifact` takes a file
# that you have.

# %%
with mlflow.start_run(run_id=run.info.run_id):
    mlflow.log_metric("best_validation_mae", min(values))
    mlflow.log_dict({"columns": numbers, "label": "log(price)"}, "columns.json")
    mlflow.log_text("Overfits early; stop sooner.", "notes/first_look.txt")

# %% [markdown]
# The name may contain a folder, as in `notes/first_look.txt`. The client lists what is there:

# %% tags=["nbval-check-output"]
for file in client.list_artifacts(run.info.run_id):
    print("folder" if file.is_dir else "file  ", file.path)

# %% [markdown]
# **Exercise 1.** Log the parameter `max_depth` of this run a second time, first with the value 5,
# then with 6. What does MLflow say?
#
# <details><summary>Answer</summary>
#
# `with mlflow.start_run(run_id=run.info.run_id): mlflow.log_param("max_depth", 6)` fails with
# "Changing param values is not allowed". The same value again is accepted. So a parameter keeps its
# first value, and MLflow offers nobody a way to make it look different afterward.
# </details>
#
# ## A model that says what it needs
#
# Noor's old files were pickles. From outside, you cannot see which columns a pickle wants, in which
# order, or with which versions of which packages it was made. (A scikit-learn model carries some of
# this inside. But to read it you must open the file, and a pickle that is opened may run any code.)
# An MLflow model has all of it in plain text, beside the model.
#
# We fit the boosting once more, with the best number of trees. (A new model gets a new run. A
# logged model takes along the metrics of its run, and in the old run the last ones are those of 60
# trees.) It is a draft: one thing about it is still missing, and you will see which.

# %%
stopped = GradientBoostingRegressor(
    n_estimators=best, learning_rate=0.4, max_depth=5, random_state=8)

# %% [markdown]
# `TransformedTargetRegressor` wraps it. It takes the logarithm before the fit and `exp` after the
# prediction, as our last stage did in Spark:

# %%
from sklearn.compose import TransformedTargetRegressor

price_model = TransformedTargetRegressor(stopped, func=np.log,
                                         inverse_func=np.exp)
price_model = price_model.fit(here[numbers], here["price"])

# %% [markdown]
# Which packages does it need? We list them, in the versions that we have right now. (Without a list
# MLflow finds out by itself, which takes longer.)

# %%
from importlib.metadata import version

packages = ("mlflow", "scikit-learn", "scipy", "skops", "numpy", "pandas")
pins = [f"{name}=={version(name)}" for name in packages]
print(pins)

# %% [markdown]
# A *signature* lists the columns that go in and what comes out, with their types.
# `infer_signature` reads both from examples:

# %%
signature = mlflow.models.infer_signature(
    here[numbers], price_model.predict(here[numbers]))

# %% [markdown]
# An *input example* is a row or two that everyone can try. One more argument needs a word:
# `skops_trusted_types`. This release of MLflow stores scikit-learn models in the format *skops*.
# Unlike a pickle, such a file is opened only if it consists of types that skops knows to be
# harmless, or that you have named as trusted. The trees of scikit-learn are not among the first, so
# we name them.

# %%
TREES = ["sklearn.tree._tree.Tree"]

with mlflow.start_run(run_name="boosting, draft"):
    mlflow.log_param("trees", best)
    logs = np.log(price_model.predict(there[numbers]))
    mlflow.log_metric("validation_mae", mae(logs, there))
    info = mlflow.sklearn.log_model(
        price_model, name="price_draft", signature=signature,
        input_example=here[numbers].head(2), pip_requirements=pins,
        skops_trusted_types=TREES)
print(info.model_uri)

# %% [markdown]
# The address begins with `models:/m-`. In MLflow 3 a model has an id of its own. (The published
# notebook shows all ids as zeros.)
#
# **Predict:** somebody sends the model a row without `bedrooms`. Another one sends a row with a
# column too many. What happens?
#
# `mlflow.pyfunc` loads a model of any library as "something with `predict`", and holds every
# request against the signature:

# %% tags=["nbval-check-output"]
from mlflow.exceptions import MlflowException

loaded = mlflow.pyfunc.load_model(info.model_uri)
row = there[numbers].head(1)
print("as it should be ", loaded.predict(row).round(2))
print("one too many    ", loaded.predict(row.assign(color="red")).round(2))
try:
    loaded.predict(row.drop(columns="bedrooms"))
except MlflowException as refused:
    print("one is missing  ", str(refused).split("Error: ")[-1])

# %% [markdown]
# A column too many is dropped: both predictions are the same. A missing one is refused, by its
# name, before the model is even asked. The check is the same for models of all libraries.
#
# ## The folder, file by file
#
# A logged model is a folder of plain files. Let us open it:

# %%
from pathlib import Path

folder = Path(mlflow.artifacts.download_artifacts(info.model_uri))
for file in sorted(folder.iterdir()):
    print(f"{file.stat().st_size:7,} bytes  {file.name}")

# %% [markdown]
# - `MLmodel` is the table of contents: which libraries can load the model (its *flavors*), the
#   signature, and the run that it comes from.
# - `model.skops` is the model itself.
# - `requirements.txt`, `python_env.yaml` and `conda.yaml` describe the environment, for pip, for
#   virtual environments and for conda.
# - `input_example.json` is our example, and `serving_input_example.json` the same in the form that
#   a model server takes.
# - `registered_model_meta` came with the download. It holds the name and version under which the
#   model is registered; so far there are none (lesson 09).
#
# We look into the first one and into the requirements:

# %% tags=["nbval-check-output"]
import yaml

contents = yaml.safe_load((folder / "MLmodel").read_text())
print("flavors:   ", ", ".join(contents["flavors"]))
print("first input:", contents["signature"]["inputs"][:63], "…")

# %%
print((folder / "requirements.txt").read_text())

# %% [markdown]
# The flavor `sklearn` gives you the scikit-learn model back. `python_function` is the form that
# `mlflow.pyfunc` has just loaded. And the requirements are the list that we made.
#
# ## The same for Spark ML
#
# A Spark model is logged by `mlflow.spark.log_model`. The signature describes plain columns, not
# vectors, because the whole pipeline is the model:

# %%
example = new.select("bedrooms", "accommodates", "room_type").limit(2)
answer = spark_model.transform(example).select("prediction").toPandas()
two_rows = example.toPandas()
with mlflow.start_run(run_id=found.info.run_id):
    spark_info = mlflow.spark.log_model(
        spark_model, artifact_path="spark_price", input_example=two_rows,
        signature=mlflow.models.infer_signature(two_rows, answer),
        pip_requirements=[f"{p}=={version(p)}" for p in ("mlflow", "pyspark")])

# %% tags=["nbval-check-output"]
print(info.model_uri)
print(spark_info.model_uri)

# %% [markdown]
# Two models, two kinds of address. The first is a *logged model*, the second a folder among the
# files of its run. That is no slip of ours. In MLflow 3 nearly all libraries make logged models,
# but Spark ML still works the old way: the argument is called `artifact_path`, and the model lies
# among the artifacts of the run.
#
# You will see both in books, in exams and in old code, so here is the difference in one table:
#
# | in MLflow 2 | in MLflow 3.17 |
# |---|---|
# | `log_model(model, artifact_path="price")` | `log_model(model, name="price")` |
# | the model is an artifact of its run | it is an entity with id, parameters and metrics |
# | its address is `runs:/<run id>/price` | `models:/m-<id>`; the old form finds it, too |
# | found by searching runs | found by `search_logged_models` as well |
# | needs a run | can be logged without one |
# | scikit-learn in a pickle | in skops (on Databricks still in a pickle) |
# | by default, runs are files in `mlruns/` | by default, rows in the database `mlflow.db` |
#
# `artifact_path` still works in MLflow 3, with a warning. For Spark ML it is the only name.
#
# ## Autologging, and what it does not see
#
# All this logging is work. Can MLflow do it by itself? For many libraries it can. One call, and
# each `fit` becomes a run. (`log_models=False` leaves out the model: to find out which packages a
# model needs, MLflow would load it in a second Python, which takes its time.)
#
# **Predict:** we fit a ridge regression and compute its error on new rows. Which of these will be
# in the run: its parameters? The error on known rows? On new rows? Which rows they were?

# %%
from sklearn.linear_model import Ridge

mlflow.sklearn.autolog(log_models=False, silent=True)
from sklearn.metrics import mean_absolute_error

ridge = Ridge(alpha=10.0).fit(here[numbers], here["price"])
features = there[numbers]
guesses = ridge.predict(features)
mean_absolute_error(there["price"], guesses)
mlflow.sklearn.autolog(disable=True)

# %% tags=["nbval-check-output"]
auto = mlflow.last_active_run()
print(len(auto.data.params), "parameters, such as alpha:",
      auto.data.params["alpha"])
for name, value in sorted(auto.data.metrics.items()):
    print(f"{value:12.3f}  {name}")
print("kind of source:", auto.inputs.dataset_inputs[0].dataset.source_type)

# %% [markdown]
# It took down all parameters, also those that we never thought of, and five metrics of the known
# rows. (`training_score` and `training_r2_score` are both R².) It even saw us compute an error on
# new rows, and named it after our variable: `mean_absolute_error_features`. (It only sees metrics
# that were imported after `autolog` was called, and predictions that were passed on as they are.)
#
# Look at the last line. MLflow knows that there was a data set, but its source is "code": some rows
# that some notebook had in memory. It does not know of our Delta table, let alone of its version.
# Nor does it know why we chose these columns, or what was filtered out before.
#
# The same for Spark ML:

# %%
mlflow.pyspark.ml.autolog(log_models=False, silent=True)
auto_model = pipeline.fit(known.withColumn("log_price", F.log("price")))
off_by.evaluate(auto_model.transform(new))
mlflow.pyspark.ml.autolog(disable=True)

# %% tags=["nbval-check-output"]
auto = mlflow.last_active_run()
print(len(auto.data.params), "parameters of", auto.data.params["stages"])
print({name: round(value, 3) for name, value in auto.data.metrics.items()})
print("kind of source:", auto.inputs.dataset_inputs[0].dataset.source_type)

# %% [markdown]
# One run for the whole pipeline, with the parameters of every stage. The metric is there because we
# called `evaluate` on its predictions: `mae_new`, by the name of the data frame. Without that call
# there would be none, not even for the known rows. And again, the source is "code".
#
# So what? Autologging is a good beginning, since it forgets no parameter. What makes a run
# *reproducible* you must still say yourself, and the most important part of that is the data.
#
# ## Which rows did this run see?
#
# `mlflow.data.load_delta` makes a *data set* of a table: where it is, which version, which columns,
# how many rows, and a *digest*, a short fingerprint.
#
# **Predict:** we copy the table to another folder. The rows are the same. Is the digest?

# %% tags=["nbval-check-output"]
rows.coalesce(1).write.format("delta").save(f"{work}/copy")
one = mlflow.data.load_delta(path=path, version="1")
other = mlflow.data.load_delta(path=f"{work}/copy", version="0")
lost = one.df.exceptAll(other.df).count()
added = other.df.exceptAll(one.df).count()
print(f"rows lost in the copy: {lost}, rows added: {added}")
print("the same digest:", one.digest == other.digest)

# %% [markdown]
# `exceptAll` goes one way only: it gives the rows of the first table that the second one lacks. A
# copy with rows too many would pass, so we ask both ways. The rows are the same.
#
# The digest is not. For Spark, MLflow hashes the *plan*, that is, where and how the rows are read.
# That is quick, even for a petabyte, but it does not tell you whether two sets of rows are equal.
# (For a pandas frame it hashes the values, of the first 10,000 rows.)
#
# We make a fingerprint of the rows themselves. Each row gets a hash of 64 bits, by `xxhash64`. But
# that function skips what is NULL:

# %% tags=["nbval-check-output"]
one_hash = spark.sql("SELECT xxhash64(7, NULL) = xxhash64(NULL, 7)")
print("(7, NULL) and (NULL, 7) have the same hash:", one_hash.first()[0])

# %% [markdown]
# So a value that slips into the empty column beside it would not be noticed. We hash as well which
# values are missing. Then we add all hashes up, so that the order does not matter, and put the
# number of rows in front:

# %% tags=["nbval-check-output"]
def fingerprint(rows):
    names = sorted(rows.columns)
    missing = [F.col(name).isNull() for name in names]
    each = F.xxhash64(*names, *missing).cast("decimal(38, 0)")
    count, total = rows.agg(F.count("*"), F.sum(each)).first()
    return f"{count}-{int(total) % 2**64:016x}"


print("original", fingerprint(one.df))
print("copy    ", fingerprint(other.df))

# %% [markdown]
# Equal rows have equal fingerprints, wherever they lie. (Different rows could have the same one by
# chance, but that is very unlikely.) We hand it to MLflow as the digest. It costs one pass over the
# rows; on a very large table you would rather rely on path and version.
#
# One trap first. The version must be given as text. What happens if you give the number 0?

# %% tags=["nbval-check-output"]
for number in (0, "0"):
    data = mlflow.data.from_spark(rows, path=path, version=number)
    print(f"asked for {number!r:4} logged:",
          data.source.to_dict()["delta_table_version"])

# %% [markdown]
# With the number 0, this release of MLflow believes that no version was given, and silently notes
# the latest one. Write versions as text.
#
# Now a run with its data on record. The draft did not say what it had learned from, so Noor fits
# the stopped boosting again. The data set is the whole version 1. Which of its rows the fit saw, a
# rule says, which is `~held` in SQL:

# %%
data = mlflow.data.load_delta(path=path, version="1", targets="price",
                              name="listings", digest=fingerprint(rows))
rule = "pmod(hash(longitude, latitude), 5) <> 0"

# %% [markdown]
# `log_input` puts the data set on record, and the rule becomes a tag. We note the version as a
# parameter, too, so that it is a column in every table of runs. The rest is as in the draft:

# %%
with mlflow.start_run(run_name="boosting, stopped") as run:
    mlflow.log_input(data, context="training")
    mlflow.set_tag("rows", rule)
    mlflow.log_params({"family": "boosting", "trees": best,
                       "data_version": 1})
    price_model.fit(here[numbers], here["price"])
    logs = np.log(price_model.predict(there[numbers]))
    mlflow.log_metric("validation_mae", mae(logs, there))
    mlflow.sklearn.log_model(
        price_model, name="price", signature=signature, pip_requirements=pins,
        input_example=here[numbers].head(2), skops_trusted_types=TREES)

# %% [markdown]
# Months later, somebody "cleans" the table, and deletes what costs more than 500 dollars a night.
# (`DeltaTable` is the Python side of what `DELETE` does in SQL.)

# %%
from delta.tables import DeltaTable

DeltaTable.forPath(spark, path).delete("price > 500")

# %% [markdown]
# **Predict:** can we still get the table as the run saw it? From nothing but the run's id?
#
# `get_source` makes a reader of what the run has noted down, and `load` reads *that version*:

# %% tags=["nbval-check-output"]
noted = mlflow.get_run(run.info.run_id).inputs.dataset_inputs[0].dataset
again = mlflow.data.get_source(noted).load()
today = spark.read.format("delta").load(path)
for name, frame in (("the run's", again), ("today's", today)):
    print(f"{name:9} {frame.count():,} rows,",
          "same digest:", fingerprint(frame) == noted.digest)

# %% [markdown]
# The run's table is back with every one of its rows, and the digest confirms it. Today's table has
# fewer rows, and another digest. There is one limit, and you know it from lesson 02: `VACUUM`
# removes files that have been out of use for more than a week, unless you tell the table to keep
# them longer.
#
# **Exercise 2.** Which run of this notebook was the first to say which table it read? Ask MLflow:
# `mlflow.search_runs(filter_string=f"dataset.digest = '{noted.digest}'")`.
#
# <details><summary>Answer</summary>
#
# One row comes back, "boosting, stopped". The runs before it used the same table, but nobody wrote
# that down, so no search can find it. (In a second execution of the notebook there are more: the
# runs of the first one are still there.)
# </details>
#
# ## A hundred runs
#
# One run is a diary. The point of tracking is the day when you have a hundred, and a question. We
# make a hundred quick models: ridge regressions and decision trees, on four lists of columns, with
# many settings. `lists` says how many of our ten columns each list takes, and `itertools.product`
# makes all combinations:

# %%
from itertools import product

from sklearn.tree import DecisionTreeRegressor

lists = {"one": 1, "size": 4, "size and reviews": 7, "all": 10}
ridges = product(["ridge"], lists, [0.1, 1, 10, 100, 1000], [None])
trees = product(["tree"], lists, [2, 4, 6, 9, 14], [1, 5, 20, 80])
plans = [*ridges, *trees]
print(len(plans), "plans, such as", plans[0], "and", plans[-1])

# %% [markdown]
# The last two entries of a plan are the settings: `alpha` for a ridge, depth and smallest leaf for
# a tree. `settings` gives them names, and `fit_plan` fits one plan:

# %%
def settings(family, a, b):
    return ({"alpha": a} if family == "ridge"
            else {"max_depth": a, "min_samples_leaf": b})


def fit_plan(family, columns, a, b):
    kind = Ridge if family == "ridge" else DecisionTreeRegressor
    model = TransformedTargetRegressor(
        kind(random_state=8, **settings(family, a, b)),
        func=np.log, inverse_func=np.exp)
    return model.fit(here[numbers[:lists[columns]]], here["price"])


# %% [markdown]
# A hundred lines in one long list are hard to read, so we *nest* them. A run that is started with
# `nested=True` while another one is open becomes its child. Ours get two levels: the sweep has two
# children, one for each family, and these will be the parents of the hundred.

# %%
parents = {}
with mlflow.start_run(run_name="sweep") as sweep:
    mlflow.log_input(data, context="training")
    for family in ("ridge", "tree"):
        with mlflow.start_run(run_name=family, nested=True) as child:
            parents[family] = child.info.run_id
print(client.get_run(parents["tree"]).data.tags["mlflow.parentRunId"]
      == sweep.info.run_id)

# %% [markdown]
# The tag `mlflow.parentRunId` is all that nesting is. So with the client, which makes runs without
# a `with` block, we just set this tag. `note` measures a model and sends all notes at once
# (`log_batch`), which is quicker than one by one. Then it marks the run as finished, as nobody else
# does that for a client. `str(value)`, because parameters are text:

# %%
import time

from mlflow.entities import Metric, Param


# %%
def note(run_id, params, model, columns):
    now = int(time.time() * 1000)
    metrics = []
    for name, part in (("train_mae", here), ("validation_mae", there)):
        guesses = model.predict(part[numbers[:lists[columns]]])
        error = mean_absolute_error(part["price"], guesses)
        metrics.append(Metric(name, error, now, step=0))
    texts = [Param(name, str(value)) for name, value in params.items()]
    client.log_batch(run_id, metrics=metrics, params=texts)
    client.set_terminated(run_id)


# %% [markdown]
# Now all hundred. Besides, the loop keeps each model in the dictionary `models`, for later:

# %%
models = {}
for family, columns, a, b in plans:
    tags = {"mlflow.parentRunId": parents[family], "sweep": sweep.info.run_id}
    one = client.create_run(experiment, tags=tags,
                            run_name=f"{family}, {columns}").info.run_id
    params = {"family": family, "columns": columns, **settings(family, a, b)}
    models[one] = fit_plan(family, columns, a, b), columns
    note(one, params, *models[one])

# %% [markdown]
# ## Questions to a hundred runs
#
# **Which run is the best?** `search_runs` takes a condition and an order. The condition looks like
# the `WHERE` of SQL; here it says "of this sweep". The first line of the answer is the best run:

# %% tags=["nbval-check-output"]
ours = f"tags.sweep = '{sweep.info.run_id}'"
first, second, third = client.search_runs(
    [experiment], ours, order_by=["metrics.validation_mae ASC"], max_results=3)
for run in (first, second, third):
    print(f"${run.data.metrics['validation_mae']:.2f}", run.data.params)

# %% [markdown]
# On the generated listings a ridge comes first, and all three errors lie within half a dollar.
# Other validation rows could well put them in another order. So such a list finds you good
# settings, and seldom *the* best one.
#
# The client wants a list of experiments and returns `Run` objects. `ASC` means ascending, the
# smallest first: right for an error, wrong for R². If you forget `order_by`, the newest run comes
# first, whatever its metrics are.
#
# `mlflow.search_runs` asks the same and returns a pandas frame, one row for each run, with columns
# such as `metrics.validation_mae` and `params.family`. That is the form for pictures.
#
# **Predict:** a dot for each run, with the error on known rows to the right and the error on new
# rows upward. Where do the deep trees lie?

# %%
runs = mlflow.search_runs(filter_string=ours)
draw.hundred(runs)

# %% [markdown]
# At the top left lie deep trees with small leaves: they know their rows by heart, and fail on new
# ones. If you had sorted by `train_mae`, one of the worst models would have come out first. At the
# right are models that know too little, from a single column or by two questions only. They are off
# on known and on new rows alike. (`runs.sort_values("metrics.train_mae")` tells you which dot is
# which.)
#
# Is it the depth that harms? Depth and smallest leaf are parameters, so they are columns of the
# same frame. Here are the trees on all ten columns:

# %%
draw.by_depth(runs)

# %% [markdown]
# With leaves of a single listing, each further question helps on known rows, and from some depth on
# it harms on new ones. With leaves of 80 listings or more the two lines stay together: such a tree
# cannot learn single rows, however deep it may grow. Depth alone does no harm.
#
# **Which run is the best under a condition?** Say that the director wants a tree that fits on a
# slide: four questions from the top to the bottom. In the condition the 4 stands in quotes, because
# parameters are text, as you saw with the first run:

# %% tags=["nbval-check-output"]
slide = f"{ours} AND params.family = 'tree' AND params.max_depth = '4'"
small = mlflow.search_runs(filter_string=slide, max_results=1,
                           order_by=["metrics.validation_mae ASC"])
print(small[["params.columns", "params.min_samples_leaf",
             "metrics.validation_mae"]].round(2).to_string(index=False))

# %% [markdown]
# On the generated listings this small tree is off by about a dollar more than the best of the
# hundred, so the slide costs little.
#
# A tree with fewer questions would fit on the slide as well. But texts have no size, so you cannot
# ask for "at most 4":

# %% tags=["nbval-check-output"]
try:
    mlflow.search_runs(filter_string="params.max_depth <= '4'")
except MlflowException as refused:
    print(str(refused).split(" not one")[0])

# %% [markdown]
# Of parameters and metrics, only metrics can be compared by size. (For parameters there are `=`,
# `!=` and `LIKE`. Several conditions are joined by `AND`; there is no `OR`.) So log a number by
# which you want to search as a metric. Or make numbers of the texts in pandas:

# %% tags=["nbval-check-output"]
depth = runs["params.max_depth"].astype(float)
small = runs[depth <= 4].nsmallest(1, "metrics.validation_mae")
print(small[["params.columns", "params.max_depth",
             "metrics.validation_mae"]].round(2).to_string(index=False))

# %% [markdown]
# (A ridge has no depth, so it gets NaN here, and NaN is not at most 4.) Among the trees with four
# questions or fewer, the best one is still the one from above.
#
# **Exercise 3.** How many of the hundred are better on new rows than the Spark model of three
# columns at the beginning? Its error is in the variable `error`. A condition may hold a number.
#
# <details><summary>Answer</summary>
#
# `len(mlflow.search_runs(filter_string=f"{ours} AND metrics.validation_mae < {error}"))`. The
# generated listings give 0: the Spark model knows `room_type`, and the hundred do not. Here one
# good column is worth more than a hundred settings. Note also how little work it is to compare
# models of two libraries. All it takes is the same metric, under the same name, on the same rows.
# </details>
#
# ## From a run to its model
#
# So far the hundred have numbers only; their models were not kept. That is usual: numbers are
# cheap, and models may be large. Now we keep those of the three best runs, which the loop above
# has left in `models`. We give no signature this time: where there is an input example, MLflow
# tries the model on it and infers the signature itself.

# %%
for run in (first, second, third):
    model, columns = models[run.info.run_id]
    asked = here[numbers[:lists[columns]]]
    with mlflow.start_run(run_id=run.info.run_id):
        mlflow.sklearn.log_model(
            model, name=run.data.params["family"], pip_requirements=pins,
            input_example=asked.head(2), skops_trusted_types=TREES)

# %% [markdown]
# A model takes along the parameters and the metrics that its run has so far. So in MLflow 3 you can
# search models directly, with `search_logged_models`. Its `order_by` has another form, a list of
# dictionaries:

# %% tags=["nbval-check-output"]
ranking = mlflow.search_logged_models(
    filter_string="metrics.validation_mae < 1000", output_format="list",
    order_by=[{"field_name": "metrics.validation_mae", "ascending": True}])
for model in ranking:
    value = {m.key: m.value for m in model.metrics}["validation_mae"]
    its_data = model.params.get("data_version", "unknown")
    print(f"${value:.2f}  {model.name:11}  data version {its_data}")

# %% [markdown]
# The three are there, and so is the boosting from before, twice. (Of equal models, the newest comes
# first.) Only `price` knows its data by itself; what the three have learned from, the parent of
# their sweep says. Is the best model of the whole experiment among them? We ask the runs, all of
# them:

# %% tags=["nbval-check-output"]
top = client.search_runs(
    [experiment], "metrics.validation_mae > 0", max_results=1,
    order_by=["metrics.validation_mae ASC"])[0]
print(f"${top.data.metrics['validation_mae']:.2f}  {top.info.run_name}")
print("its model is in the list:",
      any(model.source_run_id == top.info.run_id for model in ranking))

# %% [markdown]
# The list holds logged models and nothing else. A Spark model lies among the files of its run, so
# it can be the best of all and still be missing there. When in doubt, search runs.
#
# The agency's web server has Python, but no Spark, so Noor decides for a model of the list. (A
# scikit-learn model that knows `room_type` might be better still. Try it.) She takes the first one
# that says which data it has learned from, and reads version, digest and rows from its run:

# %% tags=["nbval-check-output"]
chosen = next(model for model in ranking if "data_version" in model.params)
its_run = mlflow.get_run(chosen.source_run_id)
saw = its_run.inputs.dataset_inputs[0].dataset
source = mlflow.data.get_source(saw)
print(f"{chosen.name}: {saw.name}, digest {saw.digest},",
      "version", source.to_dict()["delta_table_version"])

# %% tags=["nbval-check-output"]
table = source.load()
learned = table.filter(its_run.data.tags["rows"])
print("the same digest:", fingerprint(table) == saw.digest)
print(f"{learned.count():,} rows, {known.count():,} in known")

# %% [markdown]
# All of this was read from the chosen run. Its data set says where the table is and which version
# the run has read, the digest that these are still the same rows, and the tag which of them the fit
# has seen: as many as in `known`.
#
# Now, and only now, `test` may judge the model. `log_metric` takes the id of the model and the data
# set of the measurement:

# %% tags=["nbval-check-output"]
final = test.select(*numbers, "price").toPandas()
plain = mlflow.pyfunc.load_model(chosen.model_uri)
wanted = plain.metadata.get_input_schema().input_names()
last = mean_absolute_error(final["price"], plain.predict(final[wanted]))
judged = mlflow.data.from_pandas(final, targets="price", name="test rows")
with mlflow.start_run(run_id=chosen.source_run_id):
    mlflow.log_metric("test_mae", last, dataset=judged,
                      model_id=chosen.model_id)
for m in mlflow.get_logged_model(chosen.model_id).metrics:
    print(f"${m.value:6.2f}  {m.key:15} {m.dataset_name or ''}")

# %% [markdown]
# The model came with the names of its columns (`get_input_schema`), so nobody had to remember them.
# And `test_mae` says on which rows it was measured. The number of the mail did not. Nor does
# `validation_mae`: we logged it early in this notebook, without a `dataset`, so its place is empty.
#
# Would one of the old files have done as well? Now that the choice is made, the same test rows can
# judge them, too:

# %% tags=["nbval-check-output"]
for name, value in sorted(draw.scores(work, test).items()):
    print(f"${value:6.2f}  {name}")

# %% [markdown]
# On the generated listings `model_final.pkl` is off by $74.84 here, and Noor's model by $75.28. On
# the validation rows it was the other way round: $75.97 and $74.94. A difference that turns over
# with the rows is too small to count. So what has Noor gained? Not dollars, but a number that she
# can explain, down to the rows behind it. And she has chosen by other rows than those that judge.
#
# ## Load and score
#
# The address works wherever the same database of runs can be reached. In plain Python you have
# `plain`, from above. For a table that is too large for one machine, `spark_udf` makes a Spark
# function of the model: each worker loads it and predicts its own rows.
#
# **Predict:** will both give the same predictions?

# %% tags=["nbval-check-output"]
predict = mlflow.pyfunc.spark_udf(spark, chosen.model_uri, env_manager="local",
                                  result_type="double")
scored = test.withColumn("prediction", predict(F.struct(*wanted))).toPandas()
gap = np.abs(scored["prediction"] - plain.predict(scored[wanted])).max()
print(f"{len(scored):,} predictions, largest difference ${gap:.6f}")

# %% [markdown]
# They agree to the last digit that is shown. `F.struct` hands over several columns at once, with
# their names. `env_manager="local"` means: use the packages that are installed here. And the Spark
# model from the beginning can be loaded in two ways as well: as a Spark pipeline, or as a pyfunc
# that takes a pandas frame.

# %% tags=["nbval-check-output"]
as_spark = mlflow.spark.load_model(spark_info.model_uri)
as_pyfunc = mlflow.pyfunc.load_model(spark_info.model_uri)
two = as_spark.transform(example).select("prediction").toPandas()
print("pipeline", two["prediction"].round(2).tolist())
print("pyfunc  ", np.round(as_pyfunc.predict(two_rows), 2).tolist())

# %% [markdown]
# Both give the same prices. But a Spark model needs Spark in either form: as a pyfunc, it starts a
# Spark session behind the scenes. That is why Noor could not take it for a server without Spark.
#
# ## The environment, rebuilt
#
# "It works on my machine" is the last thing that can go wrong. The model's folder says which
# packages it needs. Does that list suffice? We find out the hard way: an empty environment, only
# what the list says, and the same rows.
#
# Elsewhere two commands do it: `uv venv empty` and `uv pip install -r requirements.txt` (or pip in
# the place of uv). They ask a package index on the network. This course works without a network, so
# `draw.empty_environment` takes the same packages from uv's cache on this machine:

# %%
folder = Path(mlflow.artifacts.download_artifacts(chosen.model_uri))
python, said = draw.empty_environment(folder / "requirements.txt",
                                      f"{work}/empty")
print(said)

# %% [markdown]
# The list has six names, and each brings along the packages that it needs itself. A small program
# loads the model there, and predicts. We compare with what the model predicts here:

# %%
import json
import subprocess

PROGRAM = """
import json, sys
import mlflow, pandas
model = mlflow.pyfunc.load_model(sys.argv[1])
print(json.dumps(model.predict(pandas.read_parquet(sys.argv[2])).tolist()))
"""
final[wanted].to_parquet(f"{work}/rows.parquet")
command = [python, "-c", PROGRAM, folder, f"{work}/rows.parquet"]

# %%
if python:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    far = np.array(json.loads(done.stdout))
    difference = np.abs(far - plain.predict(final[wanted])).max()
    print(f"{len(far):,} predictions there and here, "
          f"largest difference ${difference:.6f}")

# %% [markdown]
# A difference of zero means that the list suffices: an environment with nothing else in it predicts
# the same prices. (If your machine has no cache to build from, the line above says why.) If a
# package were missing that the model needs, the program would stop at once, and we would know it
# today rather than on the night when the server is replaced.
#
# Two things make this test easy to pass. `mlflow` itself asks for the other five packages of our
# list, so none of these could have been forgotten. And the list fixes six versions: those of all
# other packages are the course's here, while elsewhere pip takes the newest that fit.
#
# MLflow's own tools can rebuild environments as well: `spark_udf` takes `env_manager="uv"` or
# `"virtualenv"`, and so does `mlflow models predict`.
#
# ## The pages
#
# Everything so far can also be looked at. Open a second terminal in the course's folder and run
#
# ```
# ./course mlflow
# ```
#
# It starts MLflow's server on your own machine and prints an address to open in your browser. The
# server reads the very database that this notebook wrote to. Choose the experiment
# `08_mlflow_tracking`, and then *Model training* at the top left: the pages of MLflow 3 open with
# the view for language models. The pictures here were taken from these pages, after this notebook
# had run:

# %%
draw.page("runs")

# %% [markdown]
# Each line is a run. The field at the top takes the same conditions as `search_runs`; this one
# leaves out runs without a `family`. *Sort* is our `order_by`, and under *Columns* you choose which
# metrics and parameters to see. The best run stands in the first line. (The page loads a hundred
# lines at a time; that is why it counts 100 runs, and not 102.) Sorted by *Created*, the table
# folds the hundred under their parents. Tick two lines, and *Compare* puts them side by side.
#
# A click on a run opens its own page. *Overview* has parameters, metrics, tags, data sets and
# models. *Model metrics* draws each metric over its steps:

# %%
draw.page("run")

# %% [markdown]
# These are the curves that we drew above, each in a chart of its own, and without a line of code. A
# metric with a single value is a bar. *Artifacts* shows the files. And a logged model has a page,
# too:

# %%
draw.page("model")

# %% [markdown]
# The id, the run that it comes from, the rows that it was judged on: Noor had none of that for the
# old files. The rows that it learned from stand on the page of its run. But one thing is missing
# even here: the code. From a notebook, MLflow notes no more than the program that ran it,
# `ipykernel_launcher.py`. (A script in a Git repository gets its commit as the tag
# `mlflow.source.git.commit`. In a notebook, set such a tag yourself.)
#
# ## The number of the mail
#
# By now you may have guessed where the number of the mail came from. A hundred runs have shown us
# which models look that good, and on which rows. We score the three old files on the rows that they
# were fitted to:

# %% tags=["nbval-check-output"]
for name, value in sorted(draw.scores(work, known).items()):
    print(f"${value:.2f}  {name}")

# %% [markdown]
# There it is, to the cent: the last file is a deep tree, and it has learned these rows by heart.
# Look at the first picture again: how good is the file with the proudest name on new rows? Nobody
# lied. The number only lost two words on its way, "training error". In a run like ours it would
# have been called `train_mae`, and right below it would have stood `validation_mae`.
#
# ## On Databricks
#
# > - **Nothing to start.** Each workspace has a tracking server; the tracking URI is `databricks`.
# >   From your own machine you log there with `mlflow.set_tracking_uri("databricks")`.
# > - **Two kinds of experiments.** A *notebook experiment* belongs to one notebook and is made by
# >   itself at the first `start_run`; each run links to the notebook that made it. A *workspace
# >   experiment* has a path of its own, and any notebook can log to it:
# >   `mlflow.set_experiment("/Shared/prices")`.
# > - **Autologging is on** when a Python notebook is attached to a cluster with Databricks Runtime
# >   ML: `mlflow.autolog()` is called for you. It is not on for serverless compute, and does not
# >   add to runs that you start with `mlflow.start_run()`. In both cases, call `mlflow.autolog()`.
# > - **Databricks Runtime ML** is the Databricks Runtime with the usual libraries of machine
# >   learning installed, in versions that were tested together, with drivers for GPUs where there
# >   are any, and with MLflow ready to use. So a cluster starts sooner than one that has to install
# >   them, all notebooks have the same versions, and the most used libraries are renewed with each
# >   release. Up to version 17 it brings AutoML; from 18.0 on, AutoML is no longer built in.
# > - **Runs as a table.** `spark.read.format("mlflow-experiment").load(experiment_id)` reads runs
# >   into a data frame. There is no such reader here; `search_runs` does the same.
# > - **scikit-learn models** are stored as pickles there (cloudpickle), unless you ask for skops.
#
# ## What you know now
#
# - A run holds parameters (text, set once), metrics (numbers, with steps; the last one counts),
#   tags, artifacts, data sets, and points to its models.
# - A model brings its signature, an example and its environment. The signature refuses rows without
#   a column that the model needs, and the environment can be rebuilt from the list.
# - Autologging writes down parameters, and the metrics that it sees. Which rows, and why, you must
#   say.
# - A Delta path, a version written as text and a digest of the rows lead back to the table, and the
#   rule of your split leads to the rows.
# - `search_runs` finds the best by metric and condition. Sort by a metric of *new* rows.
# - In MLflow 3 a logged model is an entity, `models:/m-…`. Spark ML models are still `runs:/…`.
#
# Eight questions of the kind that the exam asks. Choose first, then look at the answer.

# %%
from course_utils import ask_quiz

ask_quiz("08")

# %% [markdown]
# **Check yourself:** two runs have the same parameters, the same code and the same Delta path, but
# different errors. What do you look at first, and where does it stand?
#
# <details><summary>Answer</summary>
#
# The version of the table. It stands in the data set of each run, under `inputs`, and its digest
# tells whether the rows are the same: one path can hold many versions. If they are equal, look at
# the rule that picked the rows, which is a tag here. Then come the packages, in the
# `requirements.txt` of the model, and chance, if the fit draws numbers without a seed.
# </details>
#
# **Exam:** advantages of ML runtimes; logging metrics, artifacts and models by hand; finding the
# best run with the MLflow client; nested runs; what MLflow's pages show.
#
# **Next:** lesson 09 gives the chosen model a name, versions and the alias `@champion`, so that
# those who use it need not know any id.
