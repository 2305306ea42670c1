# %% [markdown]
# # 18 · One model per group with pandas functions
#
# On Monday morning a shop manager calls: his milk is warm. Noor looks after the cooling devices of
# a chain of shops, 2,000 of them, and every device reports how much energy it uses. A device that
# is about to fail must show there first, she thinks: it uses more than it should.
#
# But how much *should* it use? That depends on how much it has to cool, on the weather, and on the
# device itself, because no two of them are alike. So Noor wants a model of each device: 2,000
# models, and tomorrow she wants them again. She has tried it with a loop. It stopped at six in the
# morning, at the first broken sensor, and nobody had a model that day.
#
# **The question:** how do you train a model for each of 2,000 groups with Spark, and what happens
# to the other 1,999 when one of them fails?
#
# - **Time:** 45 minutes, and 30 more for the lab
# - **Before you start:** linear regression and its RMSE (lesson 06), runs and the MLflow client
#   (lesson 08), pandas functions that run on workers (lesson 17)
# - **Data:** `devices`, one row for each cooling device; `readings`, the energy of single hours

# %%
from course_utils import get_spark, load

spark = get_spark("18_pandas_function_training")
devices, readings = load("devices"), load("readings").cache()

# %% [markdown]
# A reading belongs to one device and one hour. `load` says how much the device had to cool, as a
# share of what it can (0 to 1), `outside` how warm it was (°C), and `energy` what that took (kWh).
# Here are four devices, one of each model that the chain has bought, with a dot for each hour.

# %%
from course_utils import helpers

draw = helpers("18")
draw.four_devices(devices, readings)

# %% [markdown]
# `helpers("18")` loads the functions that draw the pictures of this lesson. Each device has a line
# of its own, and its dots keep close to it. Now imagine a single line through all four.
#
# ## One model for everybody
#
# Let us see how bad that is. We learn from the hours until May 5, and test with the later ones. Two
# of the devices send values that no model can take; `draw.usable` leaves them out for now, and we
# come back to them soon.

# %%
train = readings.where("at < '2024-05-06'").cache()
test = readings.where("at >= '2024-05-06'").cache()
known, new = draw.usable(train).toPandas(), draw.usable(test).toPandas()

# %% [markdown]
# `toPandas()` brings about 100,000 rows of five columns to the notebook, which is 4 MB and safe.
# It is also a first hint: what makes this task large is the number of models, not the data.

# %%
from sklearn.linear_model import LinearRegression
from sklearn.metrics import root_mean_squared_error

FEATURES = ["load", "outside"]

# %% tags=["nbval-check-output"]
shared = LinearRegression().fit(known[FEATURES], known["energy"])
guesses = shared.predict(new[FEATURES])
shared_rmse = root_mean_squared_error(new["energy"], guesses)
print(f"One model for all devices: RMSE {shared_rmse:.2f} kWh on new hours")

# %% [markdown]
# Is that much? The data is generated, so we can ask how small the error could get. `sigma` is the
# standard deviation of the noise in a reading, which no model can predict.

# %% tags=["nbval-check-output"]
from course_utils import get_truth

truth = get_truth("readings")
print(f"Noise alone: {truth.sigma:.2f} kWh, {shared_rmse / truth.sigma:.0f} "
      "times less")

# %% [markdown]
# With such a model Noor learns nothing. When it predicts 70 kWh and a device takes 78, the device
# may be sick, or it may just be a large one.
#
# **Predict:** 2,000 models have 6,000 numbers to learn, and most of them see some forty hours each.
# Will their error on new hours be larger or smaller than that of the one model that sees all?
#
# ## A function for one device
#
# The trick is to think small. We write an ordinary function that takes the rows of *one* device as
# a pandas frame, and returns a pandas frame. It does not know Spark. First, what a fitted model has
# to tell:

# %%
import numpy as np
import pandas as pd


# %%
def learned(model, rows):
    left = rows["energy"] - model.predict(rows[FEATURES])
    return {"intercept": model.intercept_, "b_load": model.coef_[0],
            "b_outside": model.coef_[1], "rmse": np.sqrt(np.mean(left**2))}


# %% [markdown]
# `left` is what the model leaves over, the residuals, and `rmse` their size on the hours that the
# model has learned from. `b_load` is how many kWh a full load takes, `b_outside` what one degree
# more outside takes. The function around it fits the model and puts all this into one row:

# %%
def train_one(rows):
    model = LinearRegression().fit(rows[FEATURES], rows["energy"])
    row = {"device_id": rows["device_id"].iloc[0], "hours": len(rows)}
    return pd.DataFrame([row | learned(model, rows)])


# %% [markdown]
# We can try it right here, with one device. That is the best thing about such functions: you find
# your mistakes in the notebook, and not in the log of a worker.

# %% tags=["nbval-check-output"]
one = train.where("device_id = 1").toPandas()
print(train_one(one).round(3).to_string(index=False))

# %% [markdown]
# For this device an empty shelf on a day of 0 °C costs `intercept` kWh an hour, and its model
# misses its own hours by well under one kWh.
#
# ## The same for 2,000
#
# Now Spark takes over. `groupBy("device_id")` says which rows belong together, and `applyInPandas`
# hands each group to our function:

# %%
COLUMNS = ("device_id int, hours long, intercept double, "
           "b_load double, b_outside double, rmse double")
models = train.groupBy("device_id").applyInPandas(train_one, COLUMNS)

# %% [markdown]
# The second argument is the *schema* of what comes back: columns and types. Spark plans before any
# row moves, so it has to know them in advance, and it cannot look inside a Python function. When
# the plan runs, this happens:
#
# ```mermaid
# flowchart LR
#     rows["readings,<br/>in any order"] -->|shuffle by device_id| p1["partition 1"]
#     rows -->|shuffle by device_id| p2["partition 2"]
#     p1 -->|Arrow, a group at a time| w1("Python worker<br/>train_one(rows)")
#     p2 -->|Arrow, a group at a time| w2("Python worker<br/>train_one(rows)")
#     w1 -->|one row per device| result["models"]
#     w2 -->|one row per device| result
# ```
#
# In words: a *shuffle* brings all rows of a device into the same partition. From there, one group
# after the other goes to a Python worker, in Arrow's format as in lesson 17, and comes back as one
# row. Two things follow. All rows of a group must fit into the memory of one worker. And a group is
# never split: 2,000 groups can keep up to 2,000 workers busy, a single large group only one.
#
# **Predict:** so far `applyInPandas` has only made a plan. What happens when we count the models?

# %%
from pyspark.errors import PythonException

try:
    print(models.count(), "models")
except PythonException as error:
    print(str(error).strip().splitlines()[-1])

# %% [markdown]
# This is six o'clock in the morning. One device has sent something that cannot be learned from, and
# scikit-learn has refused it. The exception ends the task, the task ends the job, and with the job
# go the models of all the others. And the message does not even name the device.
#
# ## One fails, the others finish
#
# An exception must not leave its group. So the function catches it and returns it as data: a row
# that says what the problem was. We also take the chance to keep the fitted model itself, as bytes.

# %%
import pickle

SAFE = COLUMNS + ", problem string, model binary"
NAMES = [column.split()[0] for column in SAFE.split(", ")]

# %% [markdown]
# `SAFE` is the wider schema, and `NAMES` has the names of its columns without their types. The
# function:


# %%
def train_safely(key, rows):
    row = dict.fromkeys(NAMES) | {"device_id": key[0], "hours": len(rows)}
    try:
        model = LinearRegression().fit(rows[FEATURES], rows["energy"])
        row |= learned(model, rows) | {"model": pickle.dumps(model)}
    except ValueError as problem:
        row["problem"] = str(problem).splitlines()[0]
    return pd.DataFrame([row])


# %% [markdown]
# Line by line:
#
# - A function with two arguments gets the key of its group as well, as a tuple: `key[0]` is the
#   device. So there is a name even for a group whose rows are of no use.
# - `dict.fromkeys(NAMES)` begins with a row of `None`, which Spark reads as null. Whatever happens,
#   the row that comes back has all columns of the schema.
# - `pickle.dumps` turns the fitted model into bytes, for the column `model` of type `binary`.
# - `except ValueError`, and not `except Exception`: scikit-learn raises a `ValueError` for data
#   that it cannot take. A slip in our own code would be a `KeyError` or a `TypeError`. That should
#   stop the job, because otherwise we would get 2,000 rows with the same problem and call it a
#   success.

# %% tags=["nbval-check-output"]
fleet = train.groupBy("device_id").applyInPandas(train_safely, SAFE)
fleet = fleet.cache()
failed = fleet.where("problem IS NOT NULL").sort("device_id")
print(f"{fleet.count():,} rows, {failed.count()} of them with a problem")

# %% tags=["nbval-check-output"]
failed.select("device_id", "hours", "problem").show(truncate=60)

# %% [markdown]
# All devices have a row now, and the two that broke have a name and a reason: one reports no energy
# at all, the other says that its load is infinite. Noor can send somebody there, and everybody else
# has a model.
#
# `cache()` matters more than usual here. Without it, `count` and `show` would each train all models
# again.
#
# **What a `try` cannot see.** The generator of this data has put more devices into a bad state than
# those two:

# %% tags=["nbval-check-output"]
print(f"{len(truth.broken)} devices are broken, "
      f"{failed.count()} raised an exception")

# %% [markdown]
# Three of them *fit without complaint*. Their data is of the right type, the solver is satisfied,
# and there is a row with numbers in it. An exception tells you about data that the algorithm
# cannot take, and nothing about data that makes no sense. In the lab you will find one of them by
# its numbers.
#
# **Exercise 1.** A device that has no row at all in `train` gets no group, so it can have neither a
# model nor a problem. How do you find out whether there is one?
#
# <details><summary>Answer</summary>
#
# `devices.join(fleet, "device_id", "left_anti").show()` lists devices that have no row in `fleet`.
# Nothing fails when a group is absent, so you have to ask for it. Compare the result with the list
# of what should be there, not with itself.
# </details>
#
# ## Are they any good?
#
# Each device has its new hours in `test` and its model in `fleet`. To bring the two together we
# group both frames by device and *cogroup* them. The function then gets two pandas frames, the rows
# of a device in the first and in the second:

# %%
def score(key, rows, kept):
    guess = None
    if len(rows) and kept["model"].notna().any():
        model = pickle.loads(kept["model"].iloc[0])
        guess = model.predict(rows[FEATURES])
    rows = rows[["device_id", "at", "energy"]]
    return rows.assign(prediction=guess)


# %% [markdown]
# `kept` has one row with the bytes of the model, from which `pickle.loads` makes the model again.
# For the two broken devices there are no bytes, and their rows come back without a prediction. A
# cogroup is called for every device that occurs on *either* side, so one of the frames may also be
# empty; `len(rows)` and `any()` take care of that.

# %%
SCORED = "device_id int, at timestamp, energy double, prediction double"
keys = fleet.select("device_id", "model").groupBy("device_id")
scored = test.groupBy("device_id").cogroup(keys)
scored = scored.applyInPandas(score, SCORED).cache()

# %% tags=["nbval-check-output"]
from pyspark.sql import functions as F

scored.agg(F.count("*").alias("new hours"),
           F.count("prediction").alias("predicted")).show()

# %% [markdown]
# `count("prediction")` skips nulls. The difference is the hours of the two broken devices: they are
# still there, so somebody can ask why. An inner join of readings and models would have dropped them
# without a word.
#
# Now the errors, one RMSE for each device. **Predict:** you have seen the RMSE of the shared model.
# Where will most of the 2,000 lie?

# %%
miss = F.sqrt(F.avg((F.col("energy") - F.col("prediction")) ** 2))
errors = scored.groupBy("device_id").agg(miss.alias("rmse")).toPandas()
draw.errors(errors, new.assign(prediction=guesses), truth.sigma)

# %% tags=["nbval-check-output"]
median = errors["rmse"].median()
print(f"Shared model {shared_rmse:.2f} kWh, own models {median:.2f} kWh "
      f"(median device), noise {truth.sigma:.2f} kWh")

# %% [markdown]
# <!-- answer -->
# Forty hours are few, but each model only has to learn three numbers, and it has to learn them
# about one device only. What is left is little more than noise. Look at the far right of the
# picture as well: a few devices have an error that is nothing like that of the others. With the
# shared model they were hidden in the crowd.
#
# So what? *Many small models* win where the groups differ in how they behave and each has enough
# rows. With three rows per device, a line would go through all of them and learn the noise by
# heart. Then one model for each of the four kinds of device may be the better choice, and you would
# find out in the same way, on new hours.
#
# ## Three ways to keep 2,000 models
#
# The table `fleet` has each model twice: as bytes, and as its three numbers. A third way, the one
# that most people try first, is a file for each model:

# %%
from pathlib import Path

from course_utils import make_work_dir

folder = make_work_dir("18_pandas_function_training")
Path(folder, "files").mkdir()


# %%
def write_files(batches):
    for batch in batches:
        for row in batch.itertuples():
            path = Path(folder, "files", f"{row.device_id}.pkl")
            path.write_bytes(row.model)
        yield batch[["device_id"]]


# %% [markdown]
# `mapInPandas` needs no groups. It gives the function an iterator of pandas frames, as in lesson
# 17. On a cluster the folder must be one that all workers can reach.

# %%
kept = fleet.where("model IS NOT NULL").cache()
kept.mapInPandas(write_files, "device_id int").count()
for name, columns in (("bytes", ["model"]),
                      ("numbers", ["intercept", "b_load", "b_outside"])):
    table = kept.select("device_id", *columns).coalesce(1)
    table.write.parquet(f"{folder}/{name}")

# %% [markdown]
# The last lines write the two tables, one Parquet file each (`coalesce(1)`).

# %% tags=["nbval-check-output"]
sizes = {name: draw.size(folder, name)
         for name in ("files", "bytes", "numbers")}
for name, (files, _, _) in sizes.items():
    print(f"{name:8} {files:5,} {'files' if files > 1 else 'file'}")

# %% [markdown]
# **Predict:** which takes the most room on the disk, and which scores the fastest?
#
# For the race we take 200 of the devices and score their new hours in each of the three ways. From
# files, every group opens the one of its device:

# %%
few = [row[0] for row in kept.select("device_id").sort("device_id").take(200)]
hours = test.where(F.col("device_id").isin(few)).cache()


def from_file(key, rows):
    data = Path(folder, "files", f"{key[0]}.pkl").read_bytes()
    return score(key, rows, pd.DataFrame({"model": [data]}))


# %% [markdown]
# The other two read a table. With bytes it is the cogroup from above:

# %%
def score_files():
    groups = hours.groupBy("device_id")
    return groups.applyInPandas(from_file, SCORED)


def score_bytes():
    one_side = spark.read.parquet(f"{folder}/bytes").where(
        F.col("device_id").isin(few)).groupBy("device_id")
    groups = hours.groupBy("device_id").cogroup(one_side)
    return groups.applyInPandas(score, SCORED)


# %% [markdown]
# The numbers need no Python at all. A join puts them beside the readings, and the model is a line
# of SQL:

# %%
LINE = "intercept + b_load * load + b_outside * outside"


def score_numbers():
    numbers = spark.read.parquet(f"{folder}/numbers")
    return hours.join(numbers, "device_id").selectExpr(
        "device_id", "at", "energy", f"{LINE} AS prediction")


# %% [markdown]
# Do all three say the same? We compare them row by row before we compare their times:

# %%
ways = {"files": score_files, "bytes": score_bytes,
        "numbers": score_numbers}

# %% tags=["nbval-check-output"]
tables = {name: way().toPandas().set_index(["device_id", "at"])
          for name, way in ways.items()}
for name, table in tables.items():
    off = (table["prediction"] - tables["files"]["prediction"]).abs()
    print(f"{name:8} {len(table):,} rows, differ by less than 1e-6 from "
          f"the files: {bool((off < 1e-6).all())}")

# %% [markdown]
# They do. Now the times, each the median of three runs:

# %%
from course_utils import measure

seconds = {name: measure(lambda way=way: way().toArrow(), repeats=3)
           for name, way in ways.items()}
draw.keeping(sizes, seconds)

# %% [markdown]
# - **Files** look harmless, and the models are tiny. But a disk gives each file at least one block,
#   and an object store answers each of them separately. Ten times as many devices are ten times as
#   many requests, and nothing tells you whether a file belongs to today's training.
# - **Bytes** in a column are one table: written at once, versioned at once if it is a Delta table.
#   Any model that can be pickled fits. Load pickles only from places that you trust, because
#   unpickling runs code, and with the same version of the library that wrote them.
# - **Numbers** are the smallest, they are scored without Python, and everybody can read them. They
#   only work if a model *is* a few numbers, such as a line.
#
# ## A run for each model
#
# Noor's manager asks for everything to be in MLflow. In lesson 08 a run became the child of another
# by `nested=True`, which looks for the run that is open. But a worker is another process, on
# another machine perhaps, and no run is open there. So we send the parent's id along with the
# function, and set it as the tag `mlflow.parentRunId`.

# %%
import logging

import mlflow

from course_utils import set_experiment

logging.getLogger("mlflow").setLevel(logging.ERROR)
experiment = set_experiment("18_pandas_function_training")
with mlflow.start_run(run_name="fleet") as open_run:
    parent = open_run.info.run_id

# %% [markdown]
# How does a worker know where to log? MLflow reads the environment variable `MLFLOW_TRACKING_URI`.
# `get_spark` has set it for all workers, by Spark's option `spark.executorEnv.MLFLOW_TRACKING_URI`.
# Without it each worker would log to MLflow's default, a store in its own working folder, and the
# runs would look lost.

# %%
import time

from mlflow import MlflowClient
from mlflow.entities import Metric, Param


# %%
def log_run(row):
    client, now = MlflowClient(), int(time.time() * 1000)
    run = client.create_run(
        experiment, run_name=f"device {row['device_id']}",
        tags={"mlflow.parentRunId": parent}).info
    ok = row["problem"] is None
    rmse = [Metric("rmse", row["rmse"], now, 0)] if ok else []
    client.log_batch(run.run_id, metrics=rmse, params=[
        Param(name, str(row[name])) for name in ("device_id", "hours")])
    client.set_terminated(run.run_id, "FINISHED" if ok else "FAILED")


# %% [markdown]
# Only three calls go to the store. `create_run` makes the run, `log_batch` sends all metrics and
# parameters at once, and `set_terminated` ends it, as nobody else does that for a client. A device
# with a problem gets a run with the status `FAILED`.
#
# We do not know yet what this costs, so we begin with about a hundred devices, the broken ones
# among them. The function trains, logs, and says how long the logging took:

# %%
bad = [row["device_id"] for row in failed.collect()]
sample = train.where((F.col("device_id") % 20 == 1)
                     | F.col("device_id").isin(bad))


def train_and_log(key, rows):
    done = train_safely(key, rows)
    start = time.perf_counter()
    log_run(done.iloc[0])
    return done.assign(seconds=time.perf_counter() - start)


# %% [markdown]
# The result is cached, for a reason that we come to in a moment.

# %%
logged = sample.groupBy("device_id").applyInPandas(
    train_and_log, SAFE + ", seconds double").cache()
cost = logged.select("seconds").toPandas()["seconds"]

# %% [markdown]
# Two workers wrote to one SQLite database at the same time, and SQLite lets only one write at a
# time. The usual end of such a story is the error *database is locked*, or a missing run. So let us
# count:

# %%
children = mlflow.search_runs(
    [experiment], f"tags.mlflow.parentRunId = '{parent}'")

# %% tags=["nbval-check-output"]
print(f"{logged.count()} devices, {len(children)} runs, "
      f"{children['params.device_id'].nunique()} different devices")
print(children["status"].value_counts().to_string())

# %% [markdown]
# Nothing was lost, and no run is there twice. The course's store waits up to 60 seconds for its
# turn instead of giving up (`?timeout=60` at the end of its address). A team would rather have a
# tracking server, with a database that takes many writers at once.
#
# Never twice is not a matter of course either. A function that *does* something, and not only
# returns something, does it again each time it runs. Spark runs it again when you ask the plan for
# a second result, and when a task failed and is repeated. The `cache()` in the cell above is there
# for the first case. Against the second, keep the count, or let only the driver log.
#
# **Predict:** what would runs for all 2,000 devices cost?

# %%
per_run = cost.median()
print(f"A run takes {1000 * per_run:.0f} ms (median), the first of a worker "
      f"{cost.max():.1f} s, as it has to import MLflow")
print(f"2,000 runs by two workers: about {2000 * per_run / 2:.0f} s")

# %% [markdown]
# Now the same facts as *one table in one run*:

# %%
facts = fleet.drop("model").toPandas()
start = time.perf_counter()
MlflowClient().log_table(parent, facts, "fleet.json")
print(f"One table of {len(facts):,} rows: "
      f"{time.perf_counter() - start:.2f} s")

# %% [markdown]
# This is the honest recommendation: give a run to each device that somebody will look at, such as
# the failed ones and a sample, and put the rest into a table that the parent run holds. Nobody
# reads a list of 2,000 runs. A table can be filtered, joined with yesterday's, and drawn.
#
# ## One model to call
#
# The people who use the models don't want 2,000 of them. They want *one* that takes rows of any
# devices, looks at `device_id`, and asks the right one. A model that delegates is a class with a
# `predict`, derived from MLflow's `PythonModel`:

# %%
class OneForEach(mlflow.pyfunc.PythonModel):
    def __init__(self, models):
        self.models = models

    def predict(self, context, model_input: pd.DataFrame, params=None):
        guesses = pd.Series(np.nan, index=model_input.index)
        for device, rows in model_input.groupby("device_id"):
            if device in self.models:
                one = self.models[device]
                guesses[rows.index] = one.predict(rows[FEATURES])
        return guesses


# %% [markdown]
# `groupby` is that of pandas here: whoever calls the model sends a small frame. A device without a
# model gets `NaN`, and the others in the same request get their numbers. For `guesses[rows.index]`
# the order of the rows does not matter, because each prediction goes to the row that it belongs to.

# %%
bytes_of = dict(kept.select("device_id", "model").collect())
delegate = OneForEach({device: pickle.loads(model)
                       for device, model in bytes_of.items()})
with mlflow.start_run(run_id=parent):
    info = mlflow.pyfunc.log_model(
        name="fleet", python_model=delegate, pip_requirements=draw.NEEDS)

# %% [markdown]
# (`collect()` is fine for 2,000 rows of a few hundred bytes. With a model of 10 MB each it would be
# 20 GB, and the delegating model would have to load each model when it is asked for.)
#
# Somebody who knows nothing about Spark can now load it and ask. Two devices, one that is broken,
# and one that does not exist:

# %% tags=["nbval-check-output"]
asked = pd.DataFrame({"device_id": [few[0], few[1], bad[0], 999_999],
                      "load": 0.5, "outside": 12.0})
loaded = mlflow.pyfunc.load_model(info.model_uri)
print(asked.assign(energy=loaded.predict(asked)).round(2).to_string())

# %% [markdown]
# Two numbers, and two gaps where there is nothing to say. Does it agree with the cogroup on all
# new hours of the 200 devices?

# %% tags=["nbval-check-output"]
rows = hours.toPandas()
same = tables["bytes"]["prediction"]
guess = pd.Series(loaded.predict(rows).to_numpy(),
                  pd.MultiIndex.from_frame(rows[["device_id", "at"]]))
print("as the cogroup says:", bool(((guess - same).abs() < 1e-6).all()))

# %% [markdown]
# It does. The delegating model can have one name in the registry, one version, and one alias
# (lesson 09). The price: when a single device gets a new model, the whole fleet gets a new version.
#
# **Exercise 2.** For a device without a model, `NaN` is honest, but a shop wants a number. Change
# `predict` so that such a device is answered by `shared`, the model from the beginning.
#
# <details><summary>Answer</summary>
#
# Begin with its predictions instead of gaps, and keep it in the object: `self.shared = shared` in
# `__init__`, and `pd.Series(self.shared.predict(model_input[FEATURES]), model_input.index)` in
# place of `pd.Series(np.nan, …)`. Return a second column that says which model has answered, or a
# sick device will look healthy.
# </details>
#
# ## When one group is much larger
#
# Eight of the devices report every hour, and have about fifty times as many rows as the others. For
# a line that hardly matters. But a colleague of Noor's wants curves instead of lines, and takes a
# *kernel ridge regression*: it compares each hour with each other one, so that twice the rows cost
# up to eight times the time.

# %% tags=["nbval-check-output"]
per_device = train.groupBy("device_id").count()
large = [row[0] for row in per_device.where("count > 500").collect()]
some = large + [device for device in few[:60] if device not in large]
mixed = draw.usable(train).where(F.col("device_id").isin(some)).cache()
print(f"{len(large)} large devices and {len(some) - len(large)} others")

# %% [markdown]
# The function notes when it began and ended, and in which task, for a picture of each group. A
# *task* works on one partition, one group after the other.

# %%
from pyspark import TaskContext
from sklearn.kernel_ridge import KernelRidge


# %%
def curve(key, rows):
    start = time.time()
    for bend in (0.5, 2, 8):
        model = KernelRidge(kernel="rbf", gamma=bend, alpha=0.1)
        model.fit(rows[FEATURES] / [1, 20], rows["energy"])
    return pd.DataFrame({
        "device_id": key, "hours": len(rows), "start": start,
        "end": time.time(), "task": TaskContext.get().partitionId()})


# %% [markdown]
# `times_of` runs it for all devices in a frame, and brings one row per device to the notebook:

# %%
CURVE = "device_id int, hours long, start double, end double, task int"


def times_of(rows):
    groups = rows.groupBy("device_id")
    return groups.applyInPandas(curve, CURVE).toPandas()


# %% [markdown]
# (It tries three bends; `rows[FEATURES] / [1, 20]` brings the degrees to the same size as the load,
# because a kernel measures distances.) With two partitions, both cores get one task each. The
# devices are dealt to them by a hash of their id, so each task gets about half of them.
#
# **Predict:** will both tasks take about the same time?

# %%
times_of(mixed.limit(2000))  # the workers import scikit-learn
runs = {"2 tasks": times_of(mixed.repartition(2, "device_id"))}
draw.tasks(runs, large)

# %% [markdown]
# The blue devices are about equally many on both sides. What decides is which task gets how many of
# the orange ones, and by chance that is rarely four each. While one core works on, the other has
# nothing to do. (The white gaps between the blue blocks are something else: there Spark cuts out
# the next group and sends it to Python. We come back to them.)

# %%
seconds = {"2 tasks": draw.task_seconds(spark)}
print("The tasks took",
      " and ".join(f"{t:.1f} s" for t in seconds["2 tasks"]))

# %% [markdown]
# This is *skew*. The numbers are Spark's own: it notes the time of each task of a stage, and
# `task_seconds` reads what the page of the last stage shows. On a cluster that page is where you
# find skew, as a slowest task that takes many times as long as the median one. Two ways to fix it:
#
# - **More tasks than cores.** With 7 small tasks a core that is free takes the next one. No group
#   is split, so a task is never shorter than its largest group. `repartition` before `groupBy`
#   does it: the rows of a device are together then, and Spark does not shuffle again.
# - **Smaller groups.** Nobody needs 1,600 hours for a curve over two columns. A window numbers the
#   hours of each device in an order that has nothing to do with time, and we keep 200.

# %%
from pyspark.sql import Window

by_chance = Window.partitionBy("device_id").orderBy(F.hash("at"))
capped = mixed.withColumn("n", F.row_number().over(by_chance))
capped = capped.where("n <= 200").drop("n").cache()
print(f"{capped.count():,} of {mixed.count():,} hours are left")

# %% [markdown]
# Both, beside what we had:

# %%
others = {"7 tasks": mixed.repartition(7, "device_id"),
          "200 hours at most": capped.repartition(2, "device_id")}
for name, rows in others.items():
    runs[name] = times_of(rows)
    seconds[name] = draw.task_seconds(spark)
draw.tasks(runs, large)

# %% [markdown]
# And by Spark's own record:

# %%
for name, tasks in seconds.items():
    print(f"{name:18} slowest task {max(tasks):.1f} s, "
          f"all tasks {sum(tasks):.1f} s")

# %% [markdown]
# With 7 tasks the slowest one is much shorter, because no task has more than two of the large
# devices, and a core that is done early finds other work. It is not free. Each task costs something
# to start, and two large fits at the same time slow each other down, so that all tasks together
# take longer. Where the lines of the picture end says whether it was worth it on this machine. A
# dozen tasks that take a minute each nearly always are; a thousand that take a millisecond never.
#
# The cap takes most of the work away. It is the better fix whenever the model can do without those
# rows. That is a question about the model, so measure its error before you cap.
#
# ## Is Spark worth it here?
#
# All that is left is the question that nobody asks. There are three ways to train 2,000 lines:
#
# 1. a loop on the driver, over the groups of a pandas frame
# 2. `applyInPandas`, as above
# 3. no loop at all: a line by least squares only needs *sums*. With the columns
#    $x = (1, \text{load}, \text{outside})$ its coefficients solve
#    $\left(\sum x x^\top\right) b = \sum x\, y$, the normal equation of lesson 06. Spark computes
#    the sums for all devices in one `groupBy`, and NumPy solves 2,000 small systems at once.

# %%
x, y = [F.lit(1.0), F.col("load"), F.col("outside")], F.col("energy")
squares = [F.sum(one * other) for one in x for other in x]
products = [F.sum(one * y) for one in x]


def by_sums(rows):
    sums = rows.groupBy("device_id").agg(*squares, *products).toPandas()
    left = sums.iloc[:, 1:10].to_numpy().reshape(-1, 3, 3)
    right = sums.iloc[:, 10:].to_numpy()[:, :, None]
    return pd.DataFrame(np.linalg.solve(left, right)[:, :, 0],
                        sums["device_id"], COEFFICIENTS)


# %% [markdown]
# `squares` are nine sums, the table on the left of the equation, and `products` the three on the
# right. `reshape` makes a 3 × 3 table for each device, and `np.linalg.solve` takes them all at
# once.

# %%
COEFFICIENTS = ["intercept", "b_load", "b_outside"]


def by_loop(rows):
    table = rows.toPandas()
    return pd.concat([train_one(part)
                      for _, part in table.groupby("device_id")])


def by_groups(rows):
    groups = rows.groupBy("device_id")
    return groups.applyInPandas(train_one, COLUMNS).toPandas()


# %% [markdown]
# We race on devices with ordinary data, 50, 150 and 450 of them. First, do the sums give the same
# lines?

# %% tags=["nbval-check-output"]
fine = facts[(facts["rmse"] < 2) & facts["hours"].between(20, 60)]
fine = fine.sort_values("device_id").set_index("device_id")[COEFFICIENTS]
races = {n: train.where(F.col("device_id").isin([*fine.index[:n]])).cache()
         for n in (50, 150, 450)}
off = (by_sums(races[450]) - fine).abs().max().max()
print("450 lines, the same to 1e-6:", bool(off < 1e-6))

# %% [markdown]
# **Predict:** order the three by their time for 450 devices.

# %%
ways = {"loop": by_loop, "applyInPandas": by_groups, "sums": by_sums}
times = {(name, n): measure(lambda way=way, rows=rows: way(rows), repeats=3)
         for n, rows in races.items() for name, way in ways.items()}
draw.race(times)

# %% [markdown]
# The sums hardly notice how many devices there are, because there is no Python in them. The other
# two call a function for each device. And a group costs Spark a few milliseconds before the
# function has done anything: it has to be cut out of the partition, sent to Python, and its result
# sent back. When the fit itself takes no longer than that, two workers are hardly faster than one
# loop, or even slower.
#
# So when does it pay? When a fit is expensive. A random forest of 200 trees takes a hundred times
# as long as a line:

# %%
from sklearn.ensemble import RandomForestRegressor


def forest(rows):
    model = RandomForestRegressor(200, random_state=18)
    model.fit(rows[FEATURES], rows["energy"])
    return pd.DataFrame({"device_id": rows["device_id"].iloc[:1]})


# %%
heavy = train.where(F.col("device_id").isin([*fine.index[:20]]))
heavy = heavy.repartition(4, "device_id").cache()
groups = heavy.groupBy("device_id")
forests = groups.applyInPandas(forest, "device_id int")
apart = [rows for _, rows in heavy.toPandas().groupby("device_id")]

# %% [markdown]
# `apart` is a list with the pandas frame of each device, so that the loop has the better start:

# %%
loop = measure(lambda: [forest(rows) for rows in apart], repeats=3)
spread = measure(forests.collect, repeats=3)
print(f"20 forests: loop {loop}, applyInPandas {spread}")

# %%
gain = loop.median / spread.median
print(f"Two workers: {gain:.1f} times as fast as the loop" if gain > 1
      else f"Two workers take {1 / gain:.1f} times as long as the loop")

# %% [markdown]
# With two cores a gain of two is the most that there can be, and you only get it if no other
# program wants them. With a hundred cores it would be a hundred. The loop has another limit, which
# no clock shows: it needs all rows of all groups in the memory of one machine. `applyInPandas` only
# needs one group at a time.
#
# **Exercise 3.** The normal equation solves all devices at once. Put the two broken devices into
# `by_sums`, and then a device whose `load` is the same in all rows. What happens to the others?
#
# <details><summary>Answer</summary>
#
# A sum with a null ignores it, so the device without energy has zeros on the right, and gets a line
# at zero; infinite sums give `NaN`. Neither hurts the others. But with a constant load the table of
# sums has no inverse, and `np.linalg.solve` raises `LinAlgError` for *all* of them: one device
# stops everybody, as at six in the morning. `np.linalg.lstsq` for the suspicious ones, or a tiny
# ridge on the diagonal, isolates it again.
# </details>
#
# > **On Databricks**
# >
# > - The documentation calls these *pandas function APIs*: grouped map (`applyInPandas`), map
# >   (`mapInPandas`) and cogrouped map. The code is the same.
# > - It warns of what you have seen: all rows of a group are loaded into memory before the function
# >   runs, and `maxRecordsPerBatch`, the limit for the batches of lesson 17, does not apply to
# >   groups. Skewed groups can end in an out-of-memory error.
# > - MLflow's tracking is hosted there. Its table of resource limits allows 500,000 runs in one
# >   experiment, and 1,600 parameters in one run: two more reasons for one table instead of 2,000
# >   runs a day.
# > - A served model takes requests of up to 16 MB by the same table, so a delegating model behind
# >   an endpoint gets few rows at a time. For many rows, score in a job, as with the cogroup.
#
# ## What you know now
#
# - Write a function for one group, try it in the notebook, and hand it to `applyInPandas` with the
#   schema of its result. A shuffle brings each group to one worker.
# - An exception in one group ends the job. Catch what bad data raises, and return it as a row with
#   the key and the reason. Data that makes no sense raises nothing.
# - Keep models as numbers if they are numbers, else as bytes in a table. Score by cogroup or join,
#   and keep the rows that get no prediction.
# - Workers can log to MLflow if they know the address and the parent's id. A run has a price; a
#   table in the parent run costs next to nothing.
# - Skew is a matter of the largest group. Use more tasks than cores, or smaller groups.
# - A group costs a few milliseconds. With fits of a millisecond, look for sums; with fits of
#   seconds, spread them.
#
# **Exam:** how pandas function APIs train and score one model per group, and what the grouped map
# needs from you; how to parallelize the training of single-node models; batch inference with pandas
# on Spark
#
# **Check yourself:** Noor's chain buys a second brand whose devices report every *minute*. Which of
# the cells of this lesson would you change first?
#
# <details><summary>Answer</summary>
#
# The one that deals the work out. A device that reports every minute has sixty times as many rows
# as one that reports every hour, so the groups of the new brand are the skew of this lesson, only
# larger. Cap the hours of a group or train on sums, and use more tasks. For plain lines look at
# `by_sums` first: it does not care how many rows a group has. Then ask what "energy of an hour"
# means in the new data, because the old models predict hours.
# </details>
#
# **Next:** the lab, in which you train the devices of one technician, log what matters, and find
# the one that misbehaves. Then lesson 19, where pandas code itself runs on Spark.
