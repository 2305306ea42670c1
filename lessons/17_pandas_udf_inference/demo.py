# %% [markdown]
# # 17 · Inference with pandas UDFs
#
# Noor runs the price suggestions of a site where people let their homes. For each of 7,000
# listings, and for each minimum stay from 1 to 30 nights, the site shows the host a price. A model
# of scikit-learn makes them, 210,000 in a night.
#
# Her job works. It is correct, it uses both cores, and it has never failed. It also runs until the
# morning. One night Noor copies the rows into plain Python on the same machine, only to check some
# numbers, and it is done before she has let go of the key.
#
# So Spark, which is there to make things faster, makes this thing slower by a factor that she
# cannot believe. At the end of this lesson the same 210,000 rows take Spark not a night but a
# moment. The model stays as it is, and so do the machine and the predictions.
#
# **The question:** seven ways lead from a Spark DataFrame into a Python model. What does each of
# them cost, and why?
#
# - **Time:** 45 minutes, and 25 more for the lab
# - **Before you start:** DataFrames and partitions (lesson 01), models in MLflow (lesson 08), trees
#   and forests (lessons 11 and 12)
# - **Data:** `listings`, places to rent in one city

# %%
from course_utils import get_spark, load_split, make_work_dir

spark = get_spark("17_pandas_udf_inference")
train, test = load_split("listings")
cores = spark.sparkContext.defaultParallelism

# %% [markdown]
# `cores` is the number of tasks that Spark runs at the same time on this machine.
#
# ## Two worlds and a pipe
#
# Spark's engine is written for the Java virtual machine, the JVM. Your model lives in Python. When
# a job needs a Python function, Spark starts Python processes beside the JVM, the *Python workers*,
# and the rows travel to them and back:
#
# ```mermaid
# flowchart LR
#     subgraph jvm["JVM: Spark's executor"]
#         p1["partition 1"]
#         p2["partition 2"]
#     end
#     subgraph w1["Python worker 1"]
#         m1["model"]
#     end
#     subgraph w2["Python worker 2"]
#         m2["model"]
#     end
#     p1 -->|"Arrow batch 3, 2, 1"| m1
#     p2 -->|"Arrow batch 3, 2, 1"| m2
#     m1 -->|"predictions 1, 2, 3"| r1["result 1"]
#     m2 -->|"predictions 1, 2, 3"| r2["result 2"]
# ```
#
# In words: a task takes one partition. It sends the rows to its Python worker, not all at once but
# in *batches*, and gets a batch of predictions back for each. The format on the way is Apache
# *Arrow*: a batch is a set of columns, each one a single block of memory, which pandas and NumPy
# can use nearly as it is. A batch has 10,000 rows unless you say otherwise.
#
# Four things can cost time here: the way through the pipe, the calls of the model, the loading of
# the model, and the work itself. Keep these four in mind. Each section is about one of them.
#
# ## The model, alone
#
# First the model, a forest of 100 trees that predicts the price from ten columns. It fits on one
# machine easily, and scikit-learn is quick at it:

# %%
from sklearn.ensemble import RandomForestRegressor

COLUMNS = ["accommodates", "bedrooms", "bathrooms", "beds", "minimum_nights",
           "number_of_reviews", "review_scores_rating",
           "review_scores_location", "latitude", "longitude"]
known = train.select(*COLUMNS, "price").toPandas()
forest = RandomForestRegressor(max_depth=10, random_state=17, n_jobs=cores)
forest.fit(known[COLUMNS].to_numpy(), known["price"])

# %% [markdown]
# A few thousand rows of eleven columns are well below a megabyte, so `toPandas()` is safe.
# `n_jobs=cores` lets scikit-learn use all cores, which is fair: Spark will use them as well. The
# forest learns from a NumPy array. So it knows columns by their place, not by their name, and we
# will always hand them over in the order of `COLUMNS`.
#
# Now the rows of one night: every listing, once for each minimum stay.

# %% tags=["nbval-check-output"]
import pandas as pd

stays = pd.DataFrame({"minimum_nights": range(1, 31)}, dtype=float)
listings = train.unionByName(test).drop("minimum_nights").limit(7000)
offers = listings.toPandas().merge(stays, how="cross")[COLUMNS]
offers = offers.sample(frac=1, random_state=17, ignore_index=True)
offers = offers.rename_axis("id").reset_index()
print(f"{len(offers):,} offers, {len(offers.columns)} columns")

# %% [markdown]
# `merge(how="cross")` puts each listing beside each of the 30 stays. `sample(frac=1)` shuffles the
# offers, as hosts ask in no order. `id` numbers them, so that we can always say which prediction
# belongs to which row; Spark itself promises no order.
#
# How long does scikit-learn need, with the rows in memory and nothing in between?

# %%
from course_utils import measure

X = offers[COLUMNS].to_numpy()
alone = measure(lambda: forest.predict(X))
print(f"{alone}: {len(X) / alone.median:,.0f} rows per second")

# %% [markdown]
# `measure` runs it five times, and says the median with the fastest and the slowest run. This is
# the limit. No way through Spark can be faster on the same cores, because each of them has to do
# this work *and* something else.
#
# **Predict:** we give the forest the same rows once more, sorted, so that the stays of a listing
# follow each other. It has the same sums to do. Will it take as long?

# %%
in_order = offers.sort_values(["latitude", "longitude"])[COLUMNS]
block = in_order.to_numpy()
print("in order:", measure(lambda: forest.predict(block)))

# %% [markdown]
# It is faster. A row that resembles the one before it takes the same way through a tree, and a
# processor is quick where it can guess the way. So a comparison is fair only if both sides get
# their rows in the same order. Spark would shuffle ours anyway; therefore we did it first.
#
# We keep scikit-learn's predictions with the offers, as `expected`. Each way has to give the same
# numbers. A fast way to wrong predictions is easy to find.

# %%
work = make_work_dir("17_pandas_udf_inference")
offers["expected"] = forest.predict(X)
offers.to_parquet(f"{work}/offers.parquet")
rows = spark.read.parquet(f"{work}/offers.parquet")

# %% [markdown]
# The rows go into a Parquet file, and from there into Spark's memory, so that from now on nobody
# waits for the disk. The setting below keeps Python functions from hanging on what lies there; the
# section on UDFs that hang comes back to it.

# %% tags=["nbval-check-output"]
CACHED = "spark.sql.inMemoryColumnarStorage.enableVectorizedReader"
spark.conf.set(CACHED, False)
rows = rows.repartition(cores).cache()
print(f"{rows.count():,} rows in Spark")

# %% [markdown]
# `repartition(cores)` makes one partition for each core, and `cache()` with `count()` keeps them.
#
# One more thing before the model meets Spark. Each Spark task has one core. A model in a task that
# starts threads for all cores would only get into the way of the other tasks:

# %%
import joblib

forest.n_jobs = 1
joblib.dump(forest, f"{work}/forest.joblib")

# %% [markdown]
# `joblib.dump` writes the forest to a file. Later the workers will load it from there.
#
# ## One row at a time
#
# This is Noor's job: a *user-defined function*, a UDF, that gets the values of one row and returns
# one price. `udf` makes a Spark function of a Python function. Its second argument is the
# `returnType`, the type of the new column.

# %%
from pyspark.sql.functions import udf


def predict_one(*values):
    return float(forest.predict([values])[0])


by_row = udf(predict_one, "double", useArrow=False)
by_row_arrow = udf(predict_one, "double", useArrow=True)

# %% [markdown]
# The function uses `forest`, which is a variable of this notebook. Spark packs it together with the
# function, and sends both to the workers. `float(…)` makes a Python number of NumPy's.
#
# There are two versions. Without Arrow, rows travel as pickled Python objects. With it, they travel
# as Arrow batches, and become Python values one row at a time on the other side. Since Spark 4.2
# this is what you get if you do not say anything.
#
# **Predict:** by what factor will Arrow speed this job up? And how many rows per second do you
# expect, if scikit-learn alone manages the number above?
#
# We measure on 100 rows only, and you will see why. `noop` is a place to write to that throws
# everything away. It makes Spark compute every row, and that is all.

# %%
def run(frame):
    frame.write.format("noop").mode("overwrite").save()


# %% [markdown]
# We take the first 100 rows from pandas:

# %%
few = spark.createDataFrame(offers.head(100))
row_ways = {"row UDF": by_row, "row UDF, Arrow": by_row_arrow}
times = {}
for name, function in row_ways.items():
    scored = few.select(function(*COLUMNS))
    run(scored)  # starts the workers
    times[name] = 100, measure(lambda scored=scored: run(scored), 3)
    print(f"{name:14} {times[name][1]} for 100 rows")

# %% [markdown]
# In the loop, the function gets all ten columns as its arguments. We run each job once before we
# measure, because the first run also starts the workers.
#
# What does that mean for the whole night?

# %%
n, timing = times["row UDF"]
print(f"{n / timing.median:,.0f} rows per second: {len(offers):,} rows take "
      f"{len(offers) * timing.median / n / 60:.0f} minutes")
print(f"scikit-learn alone: {alone.median:.2f} seconds")

# %% [markdown]
# That is a calculation from 100 rows, not a measurement, and it is a bit too pessimistic: the start
# of a job is in it, which would be paid only once. But it is Noor's night. And Arrow, which is
# there to make the pipe faster, hardly moved it. So the pipe was not the problem.
#
# What was? Let us leave Spark out, and call the model with one row, with a hundred, and with ten
# thousand.
#
# **Predict:** how much longer does a call with 100 rows take than a call with one?

# %%
calls = {n: measure(lambda n=n: forest.predict(X[:n]))
         for n in (1, 100, 10_000)}
for n, timing in calls.items():
    print(f"a call with {n:6,} rows: {timing}")

# %% [markdown]
# A call costs nearly the same with 1 row as with 100. scikit-learn checks its input, asks each of
# the 100 trees, and makes arrays for the results, all of it once per call. A row UDF pays this
# price for each row. This was the second of the four costs, and for a model it is the one that
# hurts most.
#
# So what? Never call a model row by row, however the rows travel.
#
# **Exercise 1.** Make a forest of ten trees, `RandomForestRegressor(10, …)`, and measure the three
# calls again. Does a row UDF become ten times as fast?
#
# <details><summary>What you will find</summary>
#
# Faster, but usually not ten times: a part of a call's price is the same for any forest. A simpler
# model makes it worse for the row UDF, not better. The work gets smaller, and the price of a call
# stays.
# </details>
#
# ## A batch at a time
#
# A *pandas UDF* gets a whole Arrow batch, as pandas, and returns a Series with one value for each
# row of it. The model is called once per batch:

# %%
from pyspark.sql import functions as F
from pyspark.sql.functions import pandas_udf


@pandas_udf("double")
def scalar(batch: pd.DataFrame) -> pd.Series:
    return pd.Series(forest.predict(batch[COLUMNS].to_numpy()))


# %% [markdown]
# The *type hints* are not decoration here. Spark reads them to find out which kind of function this
# is. From a frame to a Series, `pd.DataFrame` → `pd.Series`, is the plain kind, called *scalar*.
# (Its argument is a frame because we will hand over a struct. With single columns each argument
# would be a `pd.Series`.)
#
# `F.struct` packs the ten columns into one, with their names. And `worst` is our judge: the largest
# difference from what scikit-learn said.

# %% tags=["nbval-check-output"]
def worst(frame):
    gap = F.abs(F.col("prediction") - F.col("expected"))
    return frame.agg(F.max(gap)).first()[0]


features = F.struct(*COLUMNS)
scored = rows.select("id", "expected", scalar(features).alias("prediction"))
print(f"largest difference: ${worst(scored):.9f}")

# %% [markdown]
# The same predictions. How long did it take? Noor's colleague measures with `count()`, as he always
# does. Noor uses `run`.
#
# **Predict:** who of the two sees the shorter time?

# %%
print(f"count(): {measure(scored.count, repeats=1)}")
print(f"run():   {measure(lambda: run(scored), repeats=1)}")
print(f"alone:   {alone}")

# %% [markdown]
# `count()` even beats scikit-learn alone, and that was the limit. It can't be true, and it isn't:
# `count()` never calls the model. Spark sees that the number of rows does not depend on the
# predictions, drops the column, and counts. `show()` is no better, because it computes the first
# few batches only. If you measure a UDF, write all its results somewhere.
#
# `run` tells the truth, and it is good news: all rows take not minutes but about as long as a
# breath.
#
# ## How often is the model loaded?
#
# The scalar UDF above brings its forest along: Spark packs the variable together with the function,
# and each task unpacks it. That is comfortable for a model of a few megabytes, from this notebook.
# Usually a model lies in a file or in a registry, and your code has to load it. The place of that
# line in the code decides how often it runs.
#
# We want to really count it. So this function leaves a note at each load, an empty file that has
# the number of the process in its name:

# %%
import os
import time
from pathlib import Path

loads = Path(work) / "loads"
loads.mkdir()

# %% [markdown]
# `getpid` is the number of the process, and `time_ns` makes each name a new one:

# %%
def load_model(path=f"{work}/forest.joblib"):
    (loads / f"{os.getpid()}-{time.time_ns()}").touch()
    return joblib.load(path)


# %% [markdown]
# Files work here because all workers write to the same disk. On a cluster you would use an
# *accumulator*, `spark.sparkContext.accumulator(0)`, which tasks add to and the driver reads.
#
# The first place where a load may stand is inside of the function:

# %%
@pandas_udf("double")
def loads_inside(batch: pd.DataFrame) -> pd.Series:
    return pd.Series(load_model().predict(batch[COLUMNS].to_numpy()))


# %% [markdown]
# The second is what the *iterator* form is made for. Its function does not get one batch. It gets
# an iterator over all batches of a task, and is called once:

# %%
from collections.abc import Iterator


@pandas_udf("double")
def iterator(batches: Iterator[pd.DataFrame]) -> Iterator[pd.Series]:
    model = load_model()
    for batch in batches:
        yield pd.Series(model.predict(batch[COLUMNS].to_numpy()))


# %% [markdown]
# Read the type hints: an iterator comes in, and an iterator goes out. Whatever stands above the
# loop happens once for the whole task. `yield` hands out the predictions of one batch, and then the
# function goes on where it was, with the next one. For each batch that comes in, you yield exactly
# one Series of the same length.
#
# The third place is MLflow. A model that you have logged becomes a Spark function by
# `mlflow.pyfunc.spark_udf`, and MLflow takes care of the load. (The last two lines keep its
# warnings quiet.)

# %%
import logging
import warnings

import mlflow

logging.getLogger("mlflow").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", module="mlflow")

# %% [markdown]
# To count its loads, we log a model of our own class: `load_context` is what MLflow calls when it
# loads the model.

# %%
class Counted(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        self.forest = load_model(context.artifacts["forest"])

    def predict(self, context, model_input: pd.DataFrame, params=None):
        return self.forest.predict(model_input[COLUMNS].to_numpy())


# %% [markdown]
# `artifacts` are files that MLflow keeps with the model; there is one here, our forest. The
# *signature* says which columns go in and what comes out.

# %%
from course_utils import set_experiment

set_experiment("17_pandas_udf_inference")
signature = mlflow.models.infer_signature(known[COLUMNS], offers["expected"])
logged = mlflow.pyfunc.log_model(
    name="forest", python_model=Counted(), signature=signature,
    artifacts={"forest": f"{work}/forest.joblib"},
    pip_requirements=["scikit-learn", "joblib"])

# %% [markdown]
# From the address of the model MLflow makes the UDF. What type it returns stands in the signature.

# %%
by_mlflow = mlflow.pyfunc.spark_udf(spark, logged.model_uri,
                                    env_manager="local")

# %% [markdown]
# `env_manager="local"` means: use the packages that are installed here (lesson 08).
#
# The fourth place is a function that *makes* the function. Spark has `predict_batch_udf` for it:
# you give it a function that loads the model and returns its `predict`, and say that a row is a
# list of ten numbers.

# %%
from pyspark.ml.functions import predict_batch_udf
from pyspark.sql.types import DoubleType


def make_predict():
    return load_model().predict


maker = predict_batch_udf(
    make_predict, return_type=DoubleType(), batch_size=10_000,
    input_tensor_shapes=[[len(COLUMNS)]])

# %% [markdown]
# Now we count. The rows get eight partitions, so that each core has several tasks to do.
#
# **Predict:** 210,000 rows, batches of 10,000, eight partitions. How often will each of the four
# load the model?

# %%
eight = rows.repartition(8).cache()


def count_loads(prediction):
    for note in loads.iterdir():
        note.unlink()
    run(eight.select(prediction))
    processes = [note.name.split("-")[0] for note in loads.iterdir()]
    return len(processes), len(set(processes))


# %% [markdown]
# `count_loads` sweeps the old notes away, runs the job, and counts the notes and the different
# processes that left them.

# %%
eight.count()
counted = {"load inside the function": count_loads(loads_inside(features)),
           "load above the loop": count_loads(iterator(features)),
           "MLflow spark_udf": count_loads(by_mlflow(features)),
           "predict_batch_udf": count_loads(maker(F.array(*COLUMNS)))}
for name, (n, processes) in counted.items():
    print(f"{name:24} {n:3} loads in {processes} processes")

# %% [markdown]
# There are three different answers:
#
# - **once per batch** if the load stands inside of the function. Each of the eight partitions has
#   26,250 rows, which makes three batches.
# - **once per task** in the iterator form, and MLflow's UDF is of this form as well. You will often
#   read "once per worker", but a worker does one task after the other, and begins each of them with
#   a new call of the function.
# - **once per process** with `predict_batch_udf`. It keeps what it has loaded in a cache. The cache
#   belongs to a module of Spark, and a worker process keeps its modules from one task to the next.
#   (On a cluster whose machines share no disk, MLflow's UDF has such a cache, too.)
#
# Can't you write such a cache yourself? Not in a notebook: a function from a notebook is packed
# anew for each job, with all its variables, so its cache would begin empty. It takes a module that
# is installed on the workers, or a *broadcast variable*, `spark.sparkContext.broadcast(model)`,
# which is sent to each worker process once.
#
# What is one load worth? It depends on the model:

# %%
one_load = measure(load_model)
many, few_loads = counted["load inside the function"][0], 8
print(f"one load: {one_load}")
print(f"{many} loads instead of {few_loads}: "
      f"{(many - few_loads) * one_load.median:.2f} seconds of work more")

# %% [markdown]
# Our forest is small. A language model of several gigabytes takes minutes to load, and there "once
# per batch" and "once per task" are two different bills.
#
# **Exercise 2.** How many loads will the four have with `rows.repartition(16)`? Write the four
# numbers down, then change the 8 and run the two cells.
#
# <details><summary>Answer</summary>
#
# Each partition has 13,125 rows and two batches, so 32 loads inside of the function. The iterator
# form and MLflow have 16, one for each task. `predict_batch_udf` has no load at all this time: its
# processes are the same ones as before, and have the model already.
# </details>
#
# ## Whole frames: mapInPandas and mapInArrow
#
# A UDF makes one column. Two methods of a DataFrame take whole batches instead and give whole
# batches back, with any columns and any number of rows. They have the iterator form as well:

# %%
def map_pandas(batches):
    model = load_model()
    for batch in batches:
        prices = model.predict(batch[COLUMNS].to_numpy())
        yield batch[["id", "expected"]].assign(prediction=prices)


# %% [markdown]
# What is the `returnType` of a UDF, is for a whole frame a schema: the names and types of the
# columns that come back.

# %%
SCHEMA = "id long, expected double, prediction double"

# %% [markdown]
# The other method, `mapInArrow`, leaves pandas out. Its batches are `RecordBatch` objects of the
# library pyarrow. A column without missing values becomes a NumPy array without being copied
# (*zero-copy*): the array looks at the very memory that came through the pipe.

# %%
import numpy as np
import pyarrow as pa


def map_arrow(batches):
    model = load_model()
    for batch in batches:
        columns = [batch.column(name).to_numpy() for name in COLUMNS]
        prices = pa.array(model.predict(np.column_stack(columns)))
        kept = batch.select(["id", "expected"])
        yield kept.append_column("prediction", prices)


# %% [markdown]
# Now all of them on all rows, each from a frame to a frame with a prediction. First the judge:

# %%
def with_udf(function):
    return lambda frame: frame.select(
        "id", "expected", function(features).alias("prediction"))


# %% [markdown]
# `with_udf` makes such a way from a UDF; the other two have their own method.

# %%
ways = {"scalar pandas UDF": with_udf(scalar),
        "iterator pandas UDF": with_udf(iterator),
        "mapInPandas": lambda frame: frame.mapInPandas(map_pandas, SCHEMA),
        "mapInArrow": lambda frame: frame.mapInArrow(map_arrow, SCHEMA),
        "MLflow spark_udf": with_udf(by_mlflow)}

# %% tags=["nbval-check-output"]
for name, function in row_ways.items():
    scored = few.select("expected", function(*COLUMNS).alias("prediction"))
    print(f"{name:20} 100 rows, largest difference ${worst(scored):.9f}")

# %% [markdown]
# That was for the 100 rows. Now the five ways with batches, on all rows:

# %% tags=["nbval-check-output"]
for name, way in ways.items():
    gap = worst(way(rows))
    assert gap < 1e-9
    print(f"{name:20} all rows, largest difference ${gap:.9f}")

# %% [markdown]
# Seven ways, one result. (We allow for a billionth of a dollar. scikit-learn with several threads
# adds up its trees in any order, and the last digit of a sum depends on the order.)
#
# ## The race
#
# **Predict:** which of the five batch ways is the fastest, and how far is it from scikit-learn
# alone?

# %%
for name, way in ways.items():
    times[name] = len(offers), measure(lambda way=way: run(way(rows)), 3)
    print(f"{name:20} {times[name][1]}")

# %% [markdown]
# As a picture, with scikit-learn alone as the line on the right:

# %%
from course_utils import helpers

draw = helpers("17")
draw.race(times, alone, len(offers))

# %% [markdown]
# Look at the scale: each line of the grid is ten times as much as the one before. The five ways
# that call the model once per batch lie close together, and the two that call it once per row are
# in another world. That is the message of this picture. Whether a model gets its rows one by one or
# in batches decides between minutes and a second. Which of the batch forms you take decides about a
# fraction of that second, so take the one that is easiest to read and to operate.
#
# ## How large is a batch?
#
# If batches are good, are larger ones better? The setting
# `spark.sql.execution.arrow.maxRecordsPerBatch` says how many rows go into one. We try four sizes,
# on an eighth of the rows, so that small batches do not take all evening.
#
# **Predict:** the default is 10,000. What happens with 100? What with all rows of a partition in
# one batch?

# %%
SIZE = "spark.sql.execution.arrow.maxRecordsPerBatch"
eighth = rows.filter("id % 8 = 0").cache()
job = with_udf(scalar)(eighth)


def with_size(size):
    spark.conf.set(SIZE, size)
    return measure(lambda: run(job), 3)


# %% [markdown]
# `count()` fills the cache, and then each size has its three runs:

# %%
n = eighth.count()
curve = {size: with_size(size) for size in (100, 1000, 10_000, 100_000)}
spark.conf.unset(SIZE)
draw.batch_sizes(curve, n)

# %% [markdown]
# Small batches are the row UDF once more: the price of a call is paid too often. With 100 rows in a
# batch, most of the time is that price. With 10,000 rows the price is a small part, and the work
# itself is most of the time. Beyond that there is little to win.
#
# And there is something to lose. A batch lies in the memory of the worker as a whole, beside the
# model and whatever `predict` makes of it. For ten columns of 8 bytes, 10,000 rows are 0.8 MB. For
# an image of 150 KB in each row they are 1.5 GB, and the worker dies. So for wide rows make batches
# *smaller*; there is also `spark.sql.execution.arrow.maxBytesPerBatch`, which limits their bytes.
#
# ## To the limit
#
# How close can Spark get to scikit-learn on the same cores? The aim is at most 1.2 times its time.
# We know the four costs by now, and can work on each:
#
# - **Calls:** one batch per task, a single call for all of its rows.
# - **Loads:** once per task, with one task for each core.
# - **The pipe:** the features of a whole partition packed into one *block*, a single value of type
#   `binary` with 32-bit floats. That is half the memory, and nobody has to turn 105,000 rows into
#   columns of Arrow: Spark moves bytes.
# - **The work:** stays. scikit-learn's trees compare 32-bit floats anyway, so the predictions stay
#   as well.

# %%
def pack(batches):
    for batch in batches:
        table = batch.to_pandas()
        block = table[COLUMNS].to_numpy("float32")
        yield pa.RecordBatch.from_pydict({
            "id": [table["id"].to_numpy().tobytes()],
            "expected": [table["expected"].to_numpy().tobytes()],
            "features": [block.tobytes()]})


# %% [markdown]
# `tobytes()` gives the memory of an array as it is, number after number. The setting from above
# lets a batch hold all rows of a partition:

# %%
spark.conf.set(SIZE, 200_000)
blocks = rows.mapInArrow(
    pack, "id binary, expected binary, features binary").cache()
print(f"{blocks.count()} rows, each with a block of thousands of offers")

# %% [markdown]
# The packing is done before we measure, because you would do it once, when you write the table of
# features. On the other side, a block becomes an array again:

# %%
def map_blocks(batches):
    model = load_model()
    for row in (r for batch in batches for r in batch.to_pylist()):
        block = np.frombuffer(row["features"], "float32")
        yield pa.RecordBatch.from_pydict({
            "id": np.frombuffer(row["id"], "int64"),
            "expected": np.frombuffer(row["expected"], "float64"),
            "prediction": model.predict(block.reshape(-1, len(COLUMNS)))})


# %% [markdown]
# `frombuffer` looks at bytes as numbers and copies nothing; `reshape` says how wide a row is.
#
# scikit-learn alone gets another turn right before, with all cores:

# %%
forest.n_jobs = cores
limit = measure(lambda: forest.predict(X))

# %% [markdown]
# And now Spark, five runs as well:

# %%
best = blocks.mapInArrow(map_blocks, SCHEMA)
assert worst(best) < 1e-9
fastest = measure(lambda: run(best))
spark.conf.unset(SIZE)

# %%
ratio = fastest.median / limit.median
print(f"scikit-learn alone {limit}\nSpark              {fastest}")
print(f"{len(offers):,} rows in {ratio:.2f} times the time of scikit-learn: "
      f"{'within' if ratio <= 1.2 else 'above'} the aim of 1.2")

# %% [markdown]
# This is what is left of Noor's night. The difference that remains is the start of a job, the load,
# and the pipe. It is nearly the same for any model, so the ratio says as much about the model as
# about Spark: the more a model has to do for each row, the less the pipe counts.
#
# `lessons/17_pandas_udf_inference/bench.py` measured that on a quiet machine, with 200,000 rows and
# with forests of 100 and of 300 trees:

# %%
draw.bench()

# %% [markdown]
# On one machine Spark has little to win here, because scikit-learn has the rows in memory already.
# What Spark is for comes next: rows that do not fit into that memory, and ten machines in the place
# of one, each at this pace.
#
# ## When a UDF hangs
#
# Sometimes a UDF is neither fast nor slow. It does not end at all: no error, no progress, and no
# processor at work. The JVM waits for Python, and Python waits for the JVM.
#
# If you install Spark 4.2.0 by yourself you can meet one at once. A bug of this version,
# SPARK-58241, makes plain `@udf` functions with Arrow wait forever when their input comes in
# columns. Files of Parquet and Delta come in columns, and so does what is cached. `spark.range`
# comes in rows, and there the same function works, which is how you find out. Two settings make
# Spark hand over rows. The first is for files, and `get_spark` has made it for you. The second is
# for cached data; this notebook has made it near its beginning.

# %% tags=["nbval-check-output"]
FILES = "spark.sql.execution.arrow.pythonUDF.columnarInput.enabled"
print("files in columns to Python: ", spark.conf.get(FILES))
print("caches in columns to Python:", spark.conf.get(CACHED))

# %% [markdown]
# But the next hang will be another one: a lock, a server that does not answer, a library that does
# not survive in a worker. So here is what to do, whatever the cause:
#
# 1. **Is it stuck or only slow?** Look at the processors (`top`). A slow model uses them, a stuck
#    one does not.
# 2. **Where does it stand?** Set `spark.sql.execution.pyspark.udf.tracebackDumpIntervalSeconds` to
#    10, and every ten seconds each worker writes the line that it is in to its log. This course
#    keeps that in `.course/logs`.
# 3. **Change one thing at a time:** `spark.range` as the input, one row, `useArrow=False`, a
#    function that returns 1.0 without any model.
# 4. **Make it fail.** An error at three in the morning is better than a job that hangs till noon.
#
# The last point takes two settings. We try them on a UDF that hangs for certain, because it sleeps
# for an hour:

# %%
@udf("double")
def stuck(value):
    time.sleep(3600)
    return value


# %% [markdown]
# `idleTimeoutSeconds` is how long Spark waits for a word from the worker. By default it then only
# writes a line to its log; `killOnIdleTimeout` makes it end the worker, and with it the task.

# %% tags=["nbval-check-output"]
IDLE = "spark.sql.execution.pyspark.udf.idleTimeoutSeconds"
KILL = "spark.sql.execution.pyspark.udf.killOnIdleTimeout"
spark.conf.set(IDLE, 2)
spark.conf.set(KILL, True)
try:
    run(few.select(stuck("beds")))
except Exception as error:
    print("the job has failed:", type(error).__name__)
spark.conf.unset(IDLE)
spark.conf.unset(KILL)

# %% [markdown]
# Two seconds without a word from the worker, and Spark ends it. In a real job you would choose some
# minutes: a large batch is silent for a while, too, and must not be killed for it.
#
# ## Which one when
#
# | You have … | Take … |
# |---|---|
# | a model in MLflow | `spark_udf`: it loads once per task and knows the columns |
# | a model in a file, one prediction per row | an iterator pandas UDF |
# | a model that takes a minute to load | `predict_batch_udf`: once per process |
# | several columns, or other rows than came in | `mapInPandas` |
# | a profile that shows pandas as the cost | `mapInArrow` |
# | a formula of pandas or NumPy, nothing to load | a scalar pandas UDF |
# | a few rows, or Python without arrays | a row UDF |
#
# And before all of these: a model of `spark.ml` needs no Python worker, and neither does a formula
# that you can write with `F`.
#
# **Exercise 3.** In `scalar`, write `batch[sorted(COLUMNS)]` in the place of `batch[COLUMNS]`, and
# ask `worst`. Which error do you get?
#
# <details><summary>Answer</summary>
#
# None, and that is the trouble. The forest gets ten numbers in each row and predicts, with latitude
# where it expects the number of beds. `worst` shows how far off it is, in dollars. If you fit a
# model to a pandas frame instead, scikit-learn remembers the names and refuses another order. Or
# let a signature of MLflow watch over it, as `spark_udf` does.
# </details>
#
# ## On Databricks
#
# - All seven ways exist there under the same names. For a model in Unity Catalog the address is
#   `models:/catalog.schema.model@Champion`, and a batch job then follows the alias without a change
#   of code.
# - Serverless compute speaks Spark Connect only. There is no `sparkContext`, so neither broadcast
#   variables nor accumulators. `spark_udf` and the iterator form do not need them.
# - On serverless compute a UDF runs in a sandbox, for which MLflow's documentation names a limit of
#   1 GB, memory and disk together. A large model does not fit there.
# - Unity Catalog can keep a batch UDF as a function for SQL: `PARAMETER STYLE PANDAS`, with a
#   handler that has the iterator form (public preview, from runtime 16.3).
# - For language models the documentation recommends `ai_query`, an SQL function that asks a served
#   model. For a forest like ours `spark_udf` remains the way.
#
# **Exam:** batch inference with pandas: what pandas UDFs and pandas function APIs do and why they
# use Arrow; the iterator form and what it saves; scoring with `mlflow.pyfunc.spark_udf`
#
# **Check yourself:** a job with 200 tasks on 16 cores scores 40 million rows, with a model that
# takes 3 seconds to load. How often is it loaded in the iterator form, and how often by
# `predict_batch_udf`, if each core has one worker process? What does that cost, in seconds for each
# core?
#
# <details><summary>Answer</summary>
#
# In the iterator form it is loaded once for each task: 200 times. Each core has 200 / 16 = 12.5
# tasks, so it spends about 38 seconds loading. `predict_batch_udf` loads once for each worker
# process: 16 times, 3 seconds for each core. Fewer and larger tasks would help the iterator form in
# the same way.
# </details>
#
# **Next:** the lab, where a colleague has left you four scorers, and none of them is in order. Then
# lesson 18, which turns this around: not one model for all rows, but a model of its own for each
# group.
