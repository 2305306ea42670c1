# %% [markdown]
# # 18 · One model per group with pandas functions, lab
#
# **The question of this lab:** which of the 120 devices on a technician's list should be visited
# first?
#
# - **Time:** 30 minutes
# - **Before you start:** the demo of lesson 18
# - **Data:** `readings` of lesson 18, of the devices on the list alone
#
# Edda repairs cooling devices. Noor gives her a list of 120 of them each week, and the hours that
# they have reported. Some of the devices on it are broken, each in a way of its own, and two of
# them in a way that stops a training.
#
# **The tools you need, and where they were shown**
#
# - `applyInPandas`, a function that catches its exception, `cogroup`: lesson 18
# - `LinearRegression` of scikit-learn, RMSE: lessons 06 and 18
# - `create_run`, `log_batch`, `set_terminated` of the MLflow client, a parent's tag: lessons 08, 18
# - `join`, `selectExpr`, `agg`: lesson 01
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

# %%
import logging
import time

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
from pyspark.sql import functions as F
from sklearn.linear_model import LinearRegression

from course_utils import ask_quiz, get_spark, helpers, load, open_lab, set_experiment

spark = get_spark("18_pandas_function_training_lab")
lab = open_lab("18")
experiment = set_experiment("18_pandas_function_training_lab")
logging.getLogger("mlflow").setLevel(logging.ERROR)  # no notes on its own progress

# %% [markdown]
# `technician` picks the devices of the list. We learn from the hours until May 5, and test with the
# later ones. Each device gets a line of its own: `energy` from the two `FEATURES`.

# %% tags=["nbval-check-output"]
listed = helpers("18").technician(load("readings"))
train = listed.where("at < '2024-05-06'").coalesce(2).cache()
test = listed.where("at >= '2024-05-06'").coalesce(2).cache()
FEATURES = ["load", "outside"]
print(f"{train.count():,} hours to learn from, {test.count():,} to test with")

# %% [markdown]
# ## Question 1 · A function for one device
#
# Write `train_device(key, rows)`. It gets the key of a group, a tuple such as `(17,)`, and the rows
# of this device as a pandas frame with the columns of `train`. It returns a pandas frame with one
# row and these columns:
#
# - `device_id`, and `hours`: the number of rows
# - `intercept`, `b_load`, `b_outside`: the line that fits these rows best by least squares
# - `rmse`: its root mean squared error on the same rows
# - `problem`: `None` if all is well
#
# If an energy is missing or a load is infinite, even in one row only, the device is not fitted.
# Then `problem` is a text that says why, the four numbers of the line are `None` or NaN, and the
# row is there all the same. Try it on one device before you run the check.

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: a function for the rows of one device.
### STUB def train_device(key, rows):
### STUB     return ...
### BEGIN SOLUTION
SCHEMA = (
    "device_id int, hours long, intercept double, b_load double, b_outside double, "
    "rmse double, problem string"
)
NAMES = [column.split()[0] for column in SCHEMA.split(", ")]


def train_device(key, rows):
    row = dict.fromkeys(NAMES) | {"device_id": key[0], "hours": len(rows)}
    try:
        model = LinearRegression().fit(rows[FEATURES], rows["energy"])
        row["rmse"] = np.sqrt(np.mean((rows["energy"] - model.predict(rows[FEATURES])) ** 2))
        row |= dict(zip(NAMES[2:5], [model.intercept_, *model.coef_], strict=True))
    except ValueError as problem:
        row["problem"] = str(problem).splitlines()[0]
    return pd.DataFrame([row])


first = train.orderBy("device_id", "at").limit(15).toPandas()
print(train_device((first["device_id"][0],), first).to_string(index=False))
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · All of them
#
# Train the whole list with your function.
#
# - `models`: a Spark frame with one row for each device in `train`, and the columns of Question 1.
#   Cache it: the next questions ask it again and again.
# - `failed`: a list of the numbers of the devices that have a `problem`
#
# **Predict** first: the list has five broken devices. How many of them will be in `failed`?

# %% answer="q2" tags=["nbval-check-output"]
# TODO q2: a frame of models, and a list of device numbers.
### STUB models = ...
### STUB failed = ...
### BEGIN SOLUTION
models = train.groupBy("device_id").applyInPandas(train_device, SCHEMA).cache()
rows = models.where("problem IS NOT NULL").select("device_id").collect()
failed = [row["device_id"] for row in rows]
print(f"{models.count()} devices, of which {len(failed)} have failed")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · Runs for the ten that matter
#
# Edda will look at the ten devices with the largest `rmse` in `models`. Log a run for each of them,
# all of them children of one parent run, to the experiment of this lab, whose id is `experiment`.
# Do it from the workers or from here, as you like.
#
# - `parent_id`: the id of the parent run, which has ended
# - each child has ended, too, and has the parameter `device_id` and the metric `rmse`

# %% answer="q3" tags=["nbval-check-output"]
# TODO q3: a parent run, and ten children.
### STUB parent_id = ...
### BEGIN SOLUTION
with mlflow.start_run(run_name="week 19") as parent:
    parent_id = parent.info.run_id
client, now = MlflowClient(), int(time.time() * 1000)
for row in models.orderBy(F.desc_nulls_last("rmse")).limit(10).collect():
    run = client.create_run(experiment, tags={"mlflow.parentRunId": parent_id}).info.run_id
    device = Param("device_id", str(row["device_id"]))
    client.log_batch(run, [Metric("rmse", row["rmse"], now, 0)], [device])
    client.set_terminated(run)
children = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{parent_id}'")
print(f"{len(children)} children")
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · The new hours
#
# Predict the energy of each hour in `test` with the model of its device.
#
# - `scored`: a Spark frame with one row for each row of `test`, and the columns `device_id`, `at`,
#   `energy` and `prediction`. Where a device has no model, `prediction` is null. Cache it.
# - `own_rmse`: the RMSE over all hours that have a prediction, of all devices together

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: a frame of predictions, and one number.
### STUB scored = ...
### STUB own_rmse = ...
### BEGIN SOLUTION
LINE = "intercept + b_load * load + b_outside * outside AS prediction"
lines = models.drop("rmse", "hours", "problem")
scored = test.join(lines, "device_id", "left")
scored = scored.selectExpr("device_id", "at", "energy", LINE).cache()
off = F.col("energy") - F.col("prediction")
own_rmse = scored.agg(F.sqrt(F.avg(off**2))).first()[0]
print(f"RMSE {own_rmse:.3f} kWh")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · The ones that nobody has caught
#
# Three devices on the list have a model and no `problem`, and are broken all the same. Find them in
# `models` and in `train`. `verdict` is a dict with three entries, each the number of a device:
#
# - `"erratic"`: its energy hardly follows what its line says, although load and weather change. It
#   is the one to visit first.
# - `"stuck"`: its sensor reports the same load in every hour
# - `"single"`: it has reported a single hour. Its model is perfect and worthless.
#
# And one number: `times` is the `rmse` of the erratic device in `models`, divided by the median
# `rmse` of all devices that have a model.

# %% answer="q5" tags=["nbval-check-output"]
# TODO q5: three devices, and one number.
### STUB verdict = ...
### STUB times = ...
### BEGIN SOLUTION
loads = train.groupBy("device_id").agg(F.countDistinct("load").alias("loads"))
table = models.join(loads, "device_id").where("problem IS NULL").toPandas().set_index("device_id")
verdict = {
    "single": table.query("hours == 1").index[0],
    "stuck": table.query("hours > 1 and loads == 1").index[0],
    "erratic": table.query("loads > 1")["rmse"].idxmax(),
}
times = table.loc[verdict["erratic"], "rmse"] / table["rmse"].median()
print(f"Visit device {verdict['erratic']} first: its error is {times:.0f} times the median")
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
# - A group that fails becomes a row with a reason, and the other groups do not notice.
# - The devices that raise an exception are the easy ones. A sensor that is stuck and a device with
#   a single hour have a model, and one of them even a perfect one. You find them by looking at what
#   each model has seen.
# - A left join, or a cogroup, keeps the hours that get no prediction.
# - Ten runs tell more than a hundred and twenty.
#
# **Check yourself:** Edda wants to be told about such devices every Monday, without a look at any
# table. Which three conditions on `models` would you write down?
#
# **Exam:** grouped map functions that train one model per group, what they return, and how the
# predictions of many models come together
#
# **Next:** the quiz below, then lesson 19, where pandas code itself runs on Spark.

# %%
ask_quiz("18")
