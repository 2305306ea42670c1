# %% [markdown]
# # 15 · Lab · The next hour
#
# **The question of this lab:** how many rides will begin at a station in the coming hour, as far as
# one can know when the hour begins?
#
# - **Time:** 30 minutes
# - **You will:** build features that say since when they are known; keep them in a feature table;
#   train, and score by key; find out which of a colleague's features see the future
# - **Before you start:** the demo of this lesson, 15
# - **Data:** `trips_day2` … `trips_day5` of a bike share, Tuesday to Friday
# - **Tools:** from the demo, `create_table`, `write_table`, `FeatureLookup`, `create_training_set`,
#   `log_model` and `score_batch`; windows with `rowsBetween` (lesson 01's lab)
#
# Keep all digits of a number; round only what you print.

# %%
import logging

import mlflow.sklearn
import numpy as np
from pyspark.sql import Window
from pyspark.sql import functions as F
from sklearn.tree import DecisionTreeRegressor

from course_utils import ask_quiz, get_spark, load, make_work_dir, open_lab, set_experiment
from course_utils.features import FeatureEngineeringClient, FeatureLookup

spark = get_spark("15_feature_store_lab")
lab = open_lab("15")

# %% [markdown]
# ## What there is
#
# `rides` has one row per ride: its station and when it began. `grid` has one row per station and
# hour of the four days, named by when it `begins`, whether or not anybody rode.

# %% tags=["nbval-check-output"]
files = [load(f"trips_day{day}").select("trip_id", "station", "started_at") for day in range(2, 6)]
every = files[0].unionAll(files[1]).unionAll(files[2]).unionAll(files[3])
rides = every.where("started_at >= '2024-05-07'").dropDuplicates(["trip_id"]).cache()
hours = F.expr("sequence(timestamp '2024-05-07', timestamp '2024-05-10 23:00', interval 1 hour)")
grid = rides.select("station").distinct()
grid = grid.select("station", F.explode(hours).alias("begins")).cache()
print(f"{rides.count():,} rides, {grid.count():,} stations × hours")

# %% [markdown]
# The forecast is made when an hour begins, `at`. The hour ends at `until`, and only then is
# `rides_next` known, the number of rides that began in it.

# %%
friday = "2024-05-10"
begun = rides.groupBy("station", F.date_trunc("hour", "started_at").alias("at"))
labels = grid.where("begins >= '2024-05-08'").withColumnRenamed("begins", "at")

# %% [markdown]
# An hour in which nobody rode has no row in `begun`, so its number is 0:

# %%
labels = labels.join(begun.agg(F.count("*").alias("rides_next")), ["station", "at"], "left")
labels = labels.fillna(0).withColumn("until", F.expr("at + interval 1 hour"))
labels = labels.withColumn("hour", F.hour("at")).cache()

# %% [markdown]
# Wednesday and Thursday are for learning (`taught`); Friday comes later (`asked`), and of it a
# scorer has the `keys` alone.

# %% tags=["nbval-check-output"]
taught, asked = labels.where(F.col("at") < friday), labels.where(F.col("at") >= friday)
keys = asked.drop("rides_next")
print(f"{taught.count():,} hours to learn from, {asked.count():,} to forecast")
print("a scorer has:", ", ".join(keys.columns))

# %% [markdown]
# Last, an empty store. `forget(name)` drops a table if it is there; answer cells begin with it, so
# that you may run them as often as you like.

# %%
store = make_work_dir("15_feature_store_lab")
fe = FeatureEngineeringClient(root=store)
experiment = set_experiment("15_feature_store_lab")
logging.getLogger("mlflow").setLevel(logging.ERROR)  # no notes on its own progress


def forget(name):
    """Drop a feature table if it is there."""
    if any(table.name == name for table in fe.search_tables(name)):
        fe.drop_table(name)


# %% [markdown]
# ## Question 1 · Features, and since when they are known
#
# Make the frame `hourly`, with one row for each row of `grid` and these four columns:
#
# - `station`
# - `known_at`: since when the two numbers below can be known
# - `rides_1h`: rides that began there in that hour; 0 where nobody rode
# - `rides_24h`: rides that began there in that hour and the 23 hours before it, as far as the data
#   go back

# %% answer="q1"
# TODO q1: a frame of features.
### STUB hourly = ...
### BEGIN SOLUTION
begun = rides.groupBy("station", F.date_trunc("hour", "started_at").alias("begins"))
counts = begun.agg(F.count("*").alias("rides_1h"))
filled = grid.join(counts, ["station", "begins"], "left").fillna(0)
day = Window.partitionBy("station").orderBy("begins").rowsBetween(-23, 0)
hourly = filled.withColumn("rides_24h", F.sum("rides_1h").over(day))
hourly = hourly.withColumn("known_at", F.expr("begins + interval 1 hour")).drop("begins")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · A feature table
#
# It is Friday, 00:00. Create the feature table `station_hours`, with a history, from the rows of
# `hourly` that are known by now (`known_at` not later than `friday`). Colleagues should find it by
# the word "rides" and by the tag `team` = `fleet`. Keep what `create_table` returns as `entry`.
#
# Then Friday passes: write its rows to the table as well. The older ones stay.

# %% answer="q2"
forget("station_hours")
# TODO q2: the table as it is on Friday at 00:00, then the rows of Friday.
### STUB entry = ...
### BEGIN SOLUTION
entry = fe.create_table(
    "station_hours",
    ["station", "known_at"],
    hourly.where(F.col("known_at") <= friday),
    timeseries_columns="known_at",
    description="rides that began at a station, by hour",
    tags={"team": "fleet"},
)
fe.write_table("station_hours", hourly.where(F.col("known_at") > friday))
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · Train
#
# Make `training`, the training set of `taught`: the model is to get `hour` and both features of
# `station_hours` as they were when the forecast was made, and is to predict `rides_next`. Then fit
# `model`, a `new_model()`, to it.

# %%
def new_model():
    """A decision tree, not fitted yet."""
    return DecisionTreeRegressor(min_samples_leaf=5, random_state=0)


# %% [markdown]
# Everything that the model does not get has to be left out by the training set itself, for that is
# what will be packed with the model.

# %% answer="q3" tags=["nbval-check-output"]
# TODO q3: the training set, and a model fitted to it.
### STUB training = ...
### STUB model = ...
### BEGIN SOLUTION
training = fe.create_training_set(
    taught,
    [FeatureLookup("station_hours", "station", timestamp_lookup_key="at")],
    label="rides_next",
    exclude_columns=["station", "at", "until"],
)
rows = training.load_df().toPandas()
model = new_model().fit(rows.drop(columns="rides_next"), rows["rides_next"])
print("the model gets:", ", ".join(model.feature_names_in_))
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · Score by key
#
# Log the model together with its lookups: `mlflow.sklearn` is the flavor, and a tree needs
# `serialization_format="cloudpickle"` besides. `info` is what `log_model` returns. Score all `keys`
# of Friday and bring the result to pandas as `scored`. Then compute `rmse`, the error of these
# forecasts, with all its digits. **Predict** first: in which order do the rows come back?

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: log, score, judge.
### STUB info = ...
### STUB scored = ...
### STUB rmse = ...
### BEGIN SOLUTION
info = fe.log_model(
    model,
    "next_hour",
    flavor=mlflow.sklearn,
    training_set=training,
    serialization_format="cloudpickle",
)
scored = fe.score_batch(info.model_uri, keys).toPandas()
judged = scored.merge(asked.toPandas()[["station", "at", "rides_next"]], on=["station", "at"])
rmse = np.sqrt(((judged["prediction"] - judged["rides_next"]) ** 2).mean())
print(f"RMSE {rmse:.2f} rides an hour")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Catch the leak
#
# A colleague offers four more features, "all stamped like yours, so nothing can leak":


# %%
def rush(hourly):
    """Four features for each row of `hourly`, by station and known_at."""
    station = Window.partitionBy("station").orderBy("known_at")
    day = Window.partitionBy("station", F.to_date(F.expr("known_at - interval 1 hour")))
    share = F.try_divide(F.col("rides_1h"), F.sum("rides_1h").over(day))
    return hourly.select(
        "station",
        "known_at",
        F.sum("rides_1h").over(station.rowsBetween(-2, 0)).alias("rides_3h"),
        F.avg("rides_1h").over(station.rowsBetween(-1, 1)).alias("smooth"),
        F.max("rides_1h").over(station.rowsBetween(-1000, 0)).alias("record"),
        F.coalesce(share, F.lit(0.0)).alias("day_share"),
    )


# %% [markdown]
# A point-in-time join would not notice: it believes `known_at`. But there is a test for any such
# code. A feature that is honestly known at noon cannot depend on the afternoon. So compute the
# features once from all of `hourly` and once from the rows known at `noon`, and compare the rows
# that both have.
#
# - `changed`: a dict from each of the four names to the number of these rows whose value differs
# - `leaky`: the list of names that leak
#
# **Predict** by reading the code: which?

# %%
FEATURES = ["rides_3h", "smooth", "record", "day_share"]
noon = "2024-05-10 12:00"

# %% answer="q5" tags=["nbval-check-output"]
# TODO q5: a dict of counts and a list of names.
### STUB changed = ...
### STUB leaky = ...
### BEGIN SOLUTION
known = hourly.where(F.col("known_at") <= noon)
then, later = rush(known).alias("then"), rush(hourly).alias("later")
differs = [(~F.col(f"then.{n}").eqNullSafe(F.col(f"later.{n}"))).alias(n) for n in FEATURES]
pairs = then.join(later, ["station", "known_at"]).select(*differs)
counts = pairs.agg(*(F.count_if(name).alias(name) for name in FEATURES))
changed = counts.first().asDict()
leaky = [name for name in FEATURES if changed[name] > 0]
print(changed, leaky)
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
# - A feature row says since when it is known, and that is when what it counts is over. Hours in
#   which nothing happens need rows too, or an older row is taken for the newest.
# - A table with keys, a time, words and tags is found by others and can be joined as of any event;
#   the event's time is when the forecast is made.
# - A model that is logged with its lookups asks a scorer for keys alone. Match its rows by key: in
#   which order they come back is not promised, and may differ from run to run.
# - Cut the future off and compute again: a feature of the past that changes has seen it.
#
# **Check yourself:** add `smooth` to your table and train again. What would the RMSE on Friday's
# stored rows be worth?
#
# **Next:** the quiz below. `draw_map()` in lesson 00 shows what else there is.

# %%
ask_quiz("15")
