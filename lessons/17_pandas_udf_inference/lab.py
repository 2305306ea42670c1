# %% [markdown]
# # 17 · Inference with pandas UDFs, lab
#
# A colleague of Noor's has left the company, and has left four scorers behind. Each of them gives a
# price for every listing. One is slow, one is very slow, one will not live through the first large
# night, and one is wrong. Nobody knows which is which.
#
# **The question of this lab:** how do you score a table with a model so that it is right and fast,
# and how do you see that somebody else's job is neither?
#
# - **Time:** 25 minutes
# - **Before you start:** the demo of lesson 17
# - **Data:** `listings`; the forest learns from the training rows, and you score the test rows
#
# **The tools you need, and where they were shown**
#
# - iterator pandas UDFs, `mapInPandas`, `F.struct`, the `noop` writer: lesson 17
# - `mlflow.pyfunc.spark_udf` and signatures: lessons 08 and 17
# - from the logarithm back to dollars: lesson 07
# - joins and filters: lesson 01
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

# %%
import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import joblib
import mlflow
import numpy as np
import pandas as pd
from pyspark import TaskContext
from pyspark.sql import functions as F
from pyspark.sql.functions import pandas_udf, udf
from sklearn.ensemble import RandomForestRegressor

from course_utils import ask_quiz, get_spark, load_split, make_work_dir, open_lab, set_experiment

# %% [markdown]
# The last line keeps MLflow's warnings quiet.

# %%
spark = get_spark("17_pandas_udf_inference_lab")
lab = open_lab("17")
set_experiment("17_pandas_udf_inference_lab")
logging.getLogger("mlflow").setLevel(logging.ERROR)

# %% [markdown]
# A batch has 50 rows in this lab, so that even our small table makes several of them.

# %%
spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 50)

# %% [markdown]
# The model is a small forest. It has learned **log(price)**, from a NumPy array with the columns in
# the order of `COLUMNS`. It lies in a file, and you get at it by `load_model()` below.

# %% tags=["nbval-check-output"]
COLUMNS = [
    *("latitude", "longitude", "accommodates", "bedrooms", "bathrooms"),
    *("number_of_reviews", "review_scores_rating"),
]
train, test = load_split("listings")
known = train.select(*COLUMNS, "price").toPandas()
print(f"{len(COLUMNS)} columns, {len(known):,} rows to learn from")

# %%
work = make_work_dir("17_pandas_udf_inference_lab")
MODEL, LOADS = f"{work}/forest.joblib", f"{work}/loads"
Path(LOADS).mkdir()

# %% [markdown]
# The forest is trained here, written to its file, and forgotten by the notebook.

# %%
trained = RandomForestRegressor(20, max_depth=6, random_state=17)
trained.fit(known[COLUMNS].to_numpy(), np.log(known["price"]))
joblib.dump(trained, MODEL)
del trained

# %% [markdown]
# `load_model` leaves a note at each load: an empty file in the folder `LOADS`, whose name begins
# with the task that loaded, or with `notebook`. `notes()` lists them.

# %%
def load_model():
    """The forest; each call leaves a note."""
    task = TaskContext.get()
    where = "notebook" if task is None else f"task{task.taskAttemptId()}"
    Path(LOADS, f"{where}-{uuid4().hex}").touch()
    return joblib.load(MODEL)


# %%
def notes():
    """The names of all notes so far."""
    return [path.name for path in Path(LOADS).iterdir()]


# %% [markdown]
# And these are the rows to score, 400 of the test rows, as a pandas frame (`homes`) and in Spark
# (`offers`).

# %% tags=["nbval-check-output"]
homes = test.select(*COLUMNS).limit(400).toPandas()
homes.insert(0, "id", range(len(homes)))
offers = spark.createDataFrame(homes)
print(f"{offers.count():,} offers with the columns", *offers.columns[:3], "…")

# %% [markdown]
# ## Question 1 · Score with the iterator form
#
# Make `scored`, a Spark frame with the columns `id` and `prediction`: the price of each offer in
# **dollars**. The workers call `load_model()`, once per task and not more.
#
# The check runs your frame, and counts the notes that its tasks leave.

# %% answer="q1"
# TODO q1: a frame with id and prediction.
### STUB scored = ...
### BEGIN SOLUTION
@pandas_udf(returnType="double")
def dollars(batches: Iterator[pd.DataFrame]) -> Iterator[pd.Series]:
    forest = load_model()
    for batch in batches:
        yield pd.Series(np.exp(forest.predict(batch[COLUMNS].to_numpy())))


scored = offers.select("id", dollars(F.struct(*COLUMNS)).alias("prediction"))
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · Count the loads
#
# To find out what a scorer does, you need an instrument. Write `loads_of(frame)`: it lets Spark
# compute **all** of the frame, every column of every row, and returns how many loads the workers
# have noted while it did.
#
# Notes of earlier runs must not be in the number. This is a frame to try it on; it loads the model
# once per batch.

# %%
@pandas_udf("double")
def in_every_batch(batch: pd.DataFrame) -> pd.Series:
    return pd.Series(load_model().predict(batch[COLUMNS].to_numpy()))


by_batch = offers.select("id", in_every_batch(F.struct(*COLUMNS)).alias("log_price"))

# %% answer="q2"
# TODO q2: a function that returns a whole number.
def loads_of(frame):
    """How many loads the workers do while Spark computes the whole frame."""
    ### STUB return ...
    ### BEGIN SOLUTION
    before = set(notes())
    frame.write.format("noop").mode("overwrite").save()
    return len([note for note in set(notes()) - before if note.startswith("task")])


print(f"{loads_of(by_batch)} loads, {loads_of(scored)} in the iterator form")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · Four scorers
#
# Here they are. Each takes a frame such as `offers` and returns `id` and `prediction` in dollars.

# %%
def scorer_a(frame):
    @pandas_udf("double")
    def price(batch: pd.DataFrame) -> pd.Series:
        model = load_model()
        return pd.Series(np.exp(model.predict(batch[COLUMNS].to_numpy())))

    return frame.select("id", price(F.struct(*COLUMNS)).alias("prediction"))


def scorer_b(frame):
    price = udf(lambda *values: float(np.exp(load_model().predict([values])[0])), "double")
    return frame.select("id", price(*COLUMNS).alias("prediction"))


# %% [markdown]
# And the other two:

# %%
def scorer_c(frame):
    table = frame.toPandas()
    table["prediction"] = np.exp(load_model().predict(table[COLUMNS].to_numpy()))
    return spark.createDataFrame(table[["id", "prediction"]])


def scorer_d(frame):
    def price(parts):
        model = load_model()
        for part in parts:
            by_size = part.sort_values(["accommodates", "id"])
            prices = np.exp(model.predict(by_size[COLUMNS].to_numpy()))
            yield part[["id"]].assign(prediction=prices)

    return frame.mapInPandas(price, "id long, prediction double")


# %% [markdown]
# - `bug_a`, `bug_b`, `bug_c`, `bug_d`: for each scorer, one of
#   - `"per row"`: the workers load the model for each row
#   - `"per batch"`: the workers load the model for each batch
#   - `"on the driver"`: the workers do nothing, all rows go to the notebook
#   - `"misaligned"`: rows get the predictions of other rows
# - `wrong_rows`: how many of the `offers` get a wrong price, by more than a cent, from the
#   misaligned scorer
#
# Scorer B is slow even here. Try it on a few rows: `spark.createDataFrame(homes.head(20))`.

# %% answer="q3" tags=["nbval-check-output"]
# TODO q3: four words, and a number.
### STUB bug_a = ...
### STUB bug_b = ...
### STUB bug_c = ...
### STUB bug_d = ...
### STUB wrong_rows = ...
### BEGIN SOLUTION
bug_a, bug_b, bug_c, bug_d = "per batch", "per row", "on the driver", "misaligned"
right = scored.withColumnRenamed("prediction", "right")
both = scorer_d(offers).join(right, "id")
wrong_rows = both.filter(F.abs(F.col("prediction") - F.col("right")) > 0.01).count()
print("more than half are wrong:", wrong_rows > len(homes) / 2)
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · Two columns from one call
#
# A host does not want one price but a range. A forest has one: its 20 trees (`model.estimators_`)
# do not agree. Take each tree's prediction **in dollars**, and for each offer the 10 % and the 90 %
# quantile of these 20 prices, as `np.quantile` computes them.
#
# Make `ranges`, a Spark frame with the columns `id`, `low` and `high`. Choose the `returnType` (or
# the schema) so that both prices are of type `double`, columns of their own, and not parts of a
# struct.

# %% answer="q4"
# TODO q4: a frame with id, low and high.
### STUB ranges = ...
### BEGIN SOLUTION
def price_range(batches):
    trees = load_model().estimators_
    for batch in batches:
        X = batch[COLUMNS].to_numpy()
        prices = np.exp([tree.predict(X) for tree in trees])
        low, high = np.quantile(prices, [0.1, 0.9], axis=0)
        yield batch[["id"]].assign(low=low, high=high)


ranges = offers.mapInPandas(price_range, "id long, low double, high double")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · The same model from MLflow
#
# From today on the forest shall live in MLflow, where others find it.
#
# - `model_uri`: the address of the forest, logged with `mlflow.sklearn.log_model`. Give it a
#   signature, whose inputs are the columns of `COLUMNS` in their order. It predicts log(price), as
#   before.
# - `by_mlflow`: a Spark frame with `id` and `prediction` in dollars, scored by
#   `mlflow.pyfunc.spark_udf`
#
# As in lesson 08, MLflow has to be told that you trust the trees: `skops_trusted_types=TREES`. And
# `pip_requirements=["scikit-learn", "skops"]` saves the seconds in which it would find out by
# itself what the model needs. `env_manager="local"` uses the packages that are here, and
# `result_type="double"` says that a prediction is one number (a signature that was inferred from a
# NumPy array promises an array).

# %%
TREES = ["sklearn.tree._tree.Tree"]

# %% answer="q5"
# TODO q5: an address, and a frame with id and prediction.
### STUB model_uri = ...
### STUB by_mlflow = ...
### BEGIN SOLUTION
forest = load_model()
signature = mlflow.models.infer_signature(homes[COLUMNS], forest.predict(homes[COLUMNS].to_numpy()))
model_uri = mlflow.sklearn.log_model(
    forest, name="forest", signature=signature,
    pip_requirements=["scikit-learn", "skops"], skops_trusted_types=TREES,
).model_uri
log_price = mlflow.pyfunc.spark_udf(spark, model_uri, "double", env_manager="local")
by_mlflow = offers.select("id", F.exp(log_price(F.struct(*COLUMNS))).alias("prediction"))
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
# - In the iterator form, what stands above the loop happens once per task; in the loop, once per
#   batch.
# - You count what a job does by letting it do everything: `count()` and `show()` leave out what
#   they do not need.
# - A prediction belongs to its row by the order within a batch. Whatever changes that order must
#   carry the rows along.
# - The `returnType` decides what arrives: a struct or a schema makes several columns of one call.
# - MLflow's `spark_udf` brings the names of the columns along, and its signature watches over them.
#
# **Check yourself:** change the batch size to 25. Which of the four scorers loads more often now,
# and does `wrong_rows` change?
#
# **Exam:** batch inference with pandas UDFs, pandas function APIs and `spark_udf`
#
# **Next:** the quiz below, then lesson 18, with a model of its own for each group.

# %%
ask_quiz("17")
