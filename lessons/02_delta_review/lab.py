# %% [markdown]
# # 02 · Delta review, lab: a week of bike trips
#
# **The question of this lab:** can you keep one table right through a week of files that go wrong?
#
# - **Time:** 30 minutes
# - **You will:** bring back a table after a bad overwrite; merge late trips and corrections;
#   let a new column in and keep a wrong type out; find out who changed what, and when
# - **Before you start:** the demo of this lesson, which shows `history`, `restoreToVersion`,
#   `versionAsOf`, `mergeSchema`, `merge` and the change data feed; `groupBy` and `withColumn` from
#   lesson 01. Windows with `row_number` and `regexp_extract` are explained in the question that
#   needs them, with a line of code
# - **Data:** `trips_day1` … `trips_day5`, the daily files of a bike share
#
# Replace each `...` with your code, run the cell, then run the check below it. `lab.q1.hint()`
# gives a hint, and the next one when you call it again. Keep all digits of a number, and round only
# what you print.

# %%
import shutil
from pathlib import Path

from delta import DeltaTable
from pyspark.errors import AnalysisException
from pyspark.sql import Window
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load, make_work_dir, open_lab

spark = get_spark("02_delta_review_lab")
lab = open_lab("02")

# %% [markdown]
# ## The week
#
# Each night a file arrives with the trips of the day. `trip_id` says which trip a row is about,
# `updated_at` when the row was written. Look at what changes from day to day.

# %% tags=["nbval-check-output"]
days = {day: load(f"trips_day{day}") for day in range(1, 6)}
days[1].orderBy("trip_id").show(3)
for day, rows in days.items():
    print(f"day {day}: {rows.count()} rows, minutes {dict(rows.dtypes)['minutes']}", end="")
    print(", " + ", ".join(set(rows.columns) - set(days[1].columns) or ["no new column"]))

# %% [markdown]
# Each question has its own table. `make_table("q1")` makes a **fresh copy** of the state that
# question 1 starts from, and returns the path of its folder. Each answer cell begins with this
# call, so you may run your answer as often as you like. You don't need to read the next two cells:
# they replay the past, commit by commit, which takes some seconds.

# %%
work = Path(make_work_dir("02_delta_review_lab"))
note_setting = "spark.databricks.delta.commitInfo.userMetadata"
second_delivery = days[2].filter("minutes > 45").withColumn("price", F.col("price") + 1)
new_trips = days[3].filter("trip_id >= 300000 AND minutes > 45")
second_delivery.union(new_trips).createOrReplaceTempView("second_delivery")
PAST = {
    "Ada: discount for long trips": "UPDATE {} SET price = 0.9 * price WHERE minutes > 40",
    "Ben: aborted trips removed": "DELETE FROM {} WHERE minutes = 1",
    "Cleo: test of a price list": "UPDATE {} SET price = 0 WHERE minutes BETWEEN 20 AND 22",
    "night load: second delivery": "MERGE INTO {} AS t USING second_delivery AS s ON t.trip_id = "
    "s.trip_id WHEN MATCHED THEN UPDATE SET price = s.price WHEN NOT MATCHED THEN INSERT *",
}


def commit(rows, table, note, mode="append"):
    """Write rows to a table as one commit, with a note on who did it."""
    noted = rows.write.format("delta").option("userMetadata", note).mode(mode)
    noted.option("delta.enableChangeDataFeed", "true").save(table)


# %%
original = {f"q{number}": str(work / f"original_q{number}") for number in range(1, 6)}
for day, question in ((1, "q1"), (2, "q1"), (4, "q4")):
    commit(days[day], original[question], "night load")
for question in ("q2", "q3", "q5"):
    shutil.copytree(original["q1"], original[question])
commit(days[2].filter("minutes > 60"), original["q1"], "Dan: report on long trips", "overwrite")
changes = list(PAST.items())
changes.insert(days[1].count() % 3, changes.pop(2))  # when Cleo's turn was depends on the data
for note, statement in changes:
    spark.conf.set(note_setting, note)
    spark.sql(statement.format(f"delta.`{original['q5']}`"))
spark.conf.unset(note_setting)


def make_table(question):
    """A fresh copy of the table that a question starts from: its folder."""
    copy = work / f"{question}_copy{len(list(work.glob(question + '_*')))}"
    return str(shutil.copytree(original[question], copy))


# %% [markdown]
# ## Question 1 · Bring back the table
#
# Days 1 and 2 were loaded. Then somebody wrote a report and hit the wrong folder. Put the number of
# the last good version into `good_version`, and make the table in `q1_table` what it was then. Its
# history must survive, including the accident. This is the history:

# %% tags=["nbval-check-output"]
accident = DeltaTable.forPath(spark, make_table("q1")).history()
columns = ("version", "operation", "operationParameters.mode", "userMetadata")
accident.select(*columns).show(truncate=False)

# %% [markdown]
# You may read the number off the history and type it in, as you would on the job. Your answer
# works on its own copy:

# %% answer="q1"
q1_table = make_table("q1")
# TODO q1: put the last good version's number into "good_version", then make it current again.
### STUB good_version = ...
### BEGIN SOLUTION
damaged = DeltaTable.forPath(spark, q1_table)
overwritten = damaged.history().filter("operationParameters.mode = 'Overwrite'")
good_version = overwritten.agg(F.max("version")).first()[0] - 1
damaged.restoreToVersion(good_version).select("num_restored_files").show()
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · Late trips and corrections
#
# The file of day 3 holds more than the trips of day 3: trips of day 1 that arrive late, corrections
# of known trips, some of them corrected again half an hour later, and a few messages that are
# **older** than what the table knows. Here is one trip with two corrections:

# %% tags=["nbval-check-output"]
twice = days[3].groupBy("trip_id").count().filter("count > 1").agg(F.min("trip_id")).first()[0]
for rows in (days[1].union(days[2]), days[3]):
    rows.filter(F.col("trip_id") == twice).drop("station").orderBy("updated_at").show()

# %% [markdown]
# Keep one row per trip of `days[3]`, the one that was updated last, in a frame `latest`. Make it
# from `days[3]` alone. Then merge it into `q2_table`: afterwards each trip is there once, in its
# state with the latest `updated_at`, whether that comes from the table or from the file.
#
# A **window** looks at the rows that belong together. This numbers the rows of each city, the
# longest trip first:
#
# ```python
# longest_first = Window.partitionBy("city").orderBy(F.desc("minutes"))
# trips.withColumn("place", F.row_number().over(longest_first))
# ```

# %% answer="q2"
q2_table = make_table("q2")
# TODO q2: one row per trip into "latest", then one MERGE into the table at q2_table.
### STUB latest = ...
### BEGIN SOLUTION
newest_first = Window.partitionBy("trip_id").orderBy(F.desc("updated_at"))
latest = days[3].withColumn("place", F.row_number().over(newest_first))
latest = latest.filter("place = 1").drop("place")

target = DeltaTable.forPath(spark, q2_table).alias("t")
merge = target.merge(latest.alias("s"), "t.trip_id = s.trip_id")
merge = merge.whenMatchedUpdateAll("s.updated_at > t.updated_at").whenNotMatchedInsertAll()
merge.execute().show()
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · A new column
#
# From day 4 on, the files say which `bike_kind` was ridden. Append `days[4]` to `q3_table`, which
# holds days 1 and 2, so that the table has the new column and every trip of the three days. Nobody
# knows which kind was ridden before; keep it that way. Then count the trips in the **table** per
# kind: `by_kind` is a dict from kind to number of trips, with `None` for the unknown ones.

# %% answer="q3"
q3_table = make_table("q3")
# TODO q3: append days[4] with its new column, then put the trips per kind into "by_kind".
### STUB by_kind = ...
### BEGIN SOLUTION
days[4].write.format("delta").mode("append").option("mergeSchema", "true").save(q3_table)
counts = spark.read.format("delta").load(q3_table).groupBy("bike_kind").count().collect()
by_kind = {row["bike_kind"]: row["count"] for row in counts}
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · A wrong type
#
# On day 5 somebody changed how minutes are written:

# %% tags=["nbval-check-output"]
days[5].orderBy("trip_id").select("trip_id", "minutes", "bike_kind").show(3)

# %% [markdown]
# First let the table defend itself: try to append `days[5]` as it is to `q4_table`, which holds day
# 4, catch the `AnalysisException` and keep it (the exception, not its text) in `refusal`. Then make
# a frame `clean`: day 5 with minutes that are whole numbers, of the very type that they have in the
# table, as `printSchema()` shows it. Append that. No row and no minute may be lost, and the table's
# schema stays as it is. `regexp_extract` takes out of a text what fits the parentheses of a
# pattern:
#
# ```python
# F.regexp_extract("code", "([a-z]+)", 1).cast("string")    # "12 ab 3" becomes "ab"
# ```

# %% answer="q4"
q4_table = make_table("q4")
# TODO q4: the exception into "refusal", the fixed rows into "clean"; append those.
### STUB refusal = ...
### STUB clean = ...
### BEGIN SOLUTION
try:
    days[5].write.format("delta").mode("append").save(q4_table)
except AnalysisException as error:
    refusal = error

number = F.regexp_extract("minutes", r"(\d+)", 1).cast("int")
clean = days[5].withColumn("minutes", number)
clean.write.format("delta").mode("append").save(q4_table)
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Who changed what and when
#
# The table at `q5_table` has a past: two loads and four changes. Its change data feed was on from
# the start, and each commit carries a note in `userMetadata`. Answer from the table, and let the
# code find each version: on other data it is another one.
#
# - `rows_changed`: a dict from **each** version, 0 included, to the number of trips that this
#   version inserted, updated or deleted. An updated trip counts once.
# - Some trips cost nothing. `culprit` is a dict about the commit that made them free, with the keys
#   `version`, `note` and `when` (the commit's timestamp in the history).

# %% answer="q5"
q5_table = make_table("q5")
# TODO q5: "rows_changed" and "culprit", from the history and the change data feed.
### STUB rows_changed = ...
### STUB culprit = ...
### BEGIN SOLUTION
feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0)
feed = feed.load(q5_table).filter("_change_type <> 'update_preimage'")
counts = feed.groupBy("_commit_version").count().collect()
rows_changed = {row["_commit_version"]: row["count"] for row in counts}

freed = feed.filter("price = 0 AND _change_type = 'update_postimage'")
version = freed.agg(F.min("_commit_version")).first()[0]
entry = DeltaTable.forPath(spark, q5_table).history().filter(F.col("version") == version).first()
culprit = {"version": version, "note": entry["userMetadata"], "when": entry["timestamp"]}
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Where you are
#
# **Check yourself:** the file of day 3 is delivered once more, by mistake. What does your merge do
# with it, and what would an append do?
#
# **Next:** the quiz below, then lesson 03, *What machine learning is*.
#
# **Exam:** writing to a feature table, which is a Delta table with a key: merge or overwrite, what
# a schema lets in, and going back to the version that a model was trained on.

# %%
lab.summary()

# %% [markdown]
# The quiz asks as the exam would. Decide first, then open the answers.

# %%
ask_quiz("02")
