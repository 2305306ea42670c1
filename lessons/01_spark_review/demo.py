# %% [markdown]
# # 01 · Spark review
#
# Rosa keeps the books of a chain of shops. Every morning she adds up the year's orders of each
# store, and keeps those over 100 dollars apart from the others. She does it with pandas. But the
# chain is growing, and a colleague says: take Spark, it is made for large data. So Rosa writes her
# report twice.

# %%
import pandas as pd
from pyspark.sql import functions as F

from course_utils import get_spark, locate, measure


def report(rows):
    large = (rows["amount"] > 100).rename("large")
    return rows.groupby(["store_id", large])["amount"].sum()

def with_pandas(path):
    return report(pd.read_parquet(path, columns=["store_id", "amount"]))

# %% [markdown]
# The report reads two columns, forms a group for each store and for large and small orders, and
# adds up the amounts. In Spark it looks much the same: `groupBy` forms the groups, `agg` says what
# to compute for each, and `toPandas` brings the result to the notebook, a row for each group.
# `get_spark` starts Spark, and `locate` tells where the file is.

# %%
spark, path = get_spark("01_spark_review"), locate("orders")

def with_spark(path):
    large = (F.col("amount") > 100).alias("large")
    groups = spark.read.parquet(path).groupBy("store_id", large)
    sums = groups.agg(F.sum("amount").alias("amount")).toPandas()
    return sums.set_index(["store_id", "large"])["amount"]

one, other = with_pandas(path), with_spark(path)  # warm both up
one, other = (measure(lambda f=f: f(path)) for f in (with_pandas, with_spark))
print(f"pandas  {one}\nSpark   {other}")
print(f"Spark takes {other.median / one.median:.0f} times as long.")

# %% [markdown]
# `measure` runs each report five times and prints the median, with the fastest and the slowest run
# in parentheses. Look at the last line: the tool for large data is far slower. Is the colleague
# wrong? Or does Spark do something with all that time that pays off later?
#
# **The question of this notebook:** what does Spark do with one line of your code, and from which
# size on is it worth its price?
#
# - **Time:** 40 minutes; the lab takes 40 more
# - **Before you start:** some Python, and a table in pandas once or twice
# - **Data:** `orders` and `stores` of a made-up chain, and tables of numbers made here
#
# ## A jar of candy
#
# How do four people count a jar of candy? Each takes a share, counts it and calls out one number.
# Somebody adds up the four numbers. Spark counts the same way:
#
# ```mermaid
# flowchart LR
#     notebook["your notebook"] --> driver("driver:<br/>plans the work")
#     driver --> t1 & t2 & t3 & t4
#     subgraph executors["executors: the cores that do it"]
#         subgraph stage1["stage 1: one task for each partition"]
#             t1("task: count<br/>partition 1")
#             t2("task: count<br/>partition 2")
#             t3("task: count<br/>partition 3")
#             t4("task: count<br/>partition 4")
#         end
#         subgraph stage2["stage 2"]
#             last("task: add<br/>four totals")
#         end
#         t1 & t2 & t3 -->|one total each| last
#         t4 -->|shuffle| last
#     end
#     last -->|the sum| driver
# ```
#
# Our jar has a million pieces, one row each, in four **partitions**. `spark.range` makes them, and
# `spark_partition_id` says in which partition a row is. We call that number the `helper`:

# %% tags=["nbval-check-output"]
jar = spark.range(0, 1_000_000, numPartitions=4)
helper = F.spark_partition_id().alias("helper")
jar.groupBy(helper).count().orderBy("helper").show()
print(f"jar.count(): {jar.count():,}")

# %% [markdown]
# Each of the four helpers has 250,000 pieces, and their totals add up to what `jar.count()` finds.
# The work on one partition is a **task**. Your notebook talks to the **driver**, which plans the
# work and collects the results. **Executors** are the processes that do the work; they have the
# cores on which tasks run.
#
# Spark keeps a record of all this in a web page, the **Spark UI**. In your own copy, the next cell
# prints a link. (In the published copy, Spark has long ended, and the link leads nowhere.) Click
# it, and look at the page *Executors*.

# %%
print(spark.sparkContext.uiWebUrl)

# %% [markdown]
# You can also stay in the notebook. The lesson has functions of its own, all under the name `draw`,
# that ask the UI for its data and return a small table:

# %%
from course_utils import helpers

draw = helpers("01")
draw.executors(spark)

# %% [markdown]
# On one machine, a single process plays both parts, so there is one row, called `driver`. `cores`
# is how many tasks can run at the same time. On a cluster, each executor adds a row.
#
# When you ask Spark for a result, it starts a **job**, or a few of them. The tasks of a job run in
# **stages**. `draw.stages` calls a function under a label, by which you find its work in the UI
# (page *Stages*, column *Description*), and returns the stages that ran.
#
# **Predict:** how many stages does it take to count the jar, and with how many tasks each? (The
# drawing of the jar helps.)

# %% tags=["nbval-check-output"]
print(draw.stages(spark, "count the jar", jar.count).to_string(index=False))

# %% [markdown]
# The first line is stage 1: four tasks read a million rows and hand on only four, a total each. The
# second line is the one task that reads those four rows and adds them. Rows that move from tasks to
# other tasks make a **shuffle**, and where there is a shuffle, one stage ends and another begins.
# The jar itself never travels: only four rows out of a million do. This is why Spark can count a
# table that fits on no single machine.
#
# You can see the same before anything runs. `explain` prints the plan:

# %%
jar.agg(F.count("*")).explain()

# %% [markdown]
# Read it from the bottom. `Range` makes the rows, in four `splits`. `Project` chooses columns; here
# it keeps none, since counting needs no values. The lower `HashAggregate` counts each share
# (`partial_count`). `Exchange` is the shuffle. The upper `HashAggregate` adds up. (`plan_id` is
# only a number for the step. `AdaptiveSparkPlan` means that Spark may still change the plan while
# it runs; we come to that.)
#
# ## More helpers
#
# Counting is easy work. Now something heavier: the sine of each number, the sine of that, and so
# on, twenty times. `largest` asks for the maximum, so that all of them must be computed. Again each
# helper hands on one number, the largest of its share. (A median would be harder: from the medians
# of the shares, nobody can tell the median of all.)

# %%
def sines(pieces, partitions):
    value = F.col("id").cast("double")
    for _ in range(20):
        value = F.sin(value)
    rows = spark.range(0, pieces, numPartitions=partitions)
    return rows.select(value.alias("value"))

def largest(frame):
    return frame.agg(F.max("value")).collect()

# %% [markdown]
# `F.col` names a column, `cast` turns its whole numbers into decimal ones, `F.sin` makes a new
# column from it, and `select` keeps only that. `collect` brings the result to the notebook, here a
# single row.
#
# **Predict:** we cut the work into eight partitions. Draw a bar for each of the eight tasks on a
# sheet of paper, from its start to its end. How do the bars lie?

# %%
waves = draw.tasks(spark, "eight shares",
                   lambda: largest(sines(2_000_000, 8)))
draw.waves(waves)

# %% [markdown]
# Only as many tasks run at once as there are cores; the others wait, and start when a core is free.
# So tasks come in waves, although these soon get out of step. The shares are equal, but the bars
# are not: the caption has the shortest and the longest. One run cannot tell you why. Another
# program may have needed a core for a moment, and at the beginning Java still compiles the code
# while it runs. (In the UI, this picture is the *Event Timeline* on the page of a stage.)
#
# **Exercise 1.** Cut the work into three partitions instead of eight. How many waves are there on
# two cores, and what does the second core do in the last one?
#
# <details><summary>Answer</summary>
#
# Two waves. In the second one, a single task is left and the other core waits. So three partitions
# on two cores take two thirds of the time of one core, and not one half. Take a multiple of the
# cores, or many more partitions than cores, so that the last wave hardly counts.
# </details>
#
# What is a second helper worth? **Predict** the factor. Then we measure the same work in one
# partition, in two and in eight.

# %%
speed = {n: measure(lambda n=n: largest(sines(2_000_000, n)))
         for n in (1, 2, 8)}
for n, timing in speed.items():
    print(f"{n} partition(s): {timing}")
factor = speed[1].median / speed[2].median
print(f"One partition takes {factor:.1f} times as long as two.")

# %% [markdown]
# A partition is never split between cores: with one partition, one core works and the others watch.
# Two partitions keep two cores busy, so at best they take half of the time, and the last line would
# say 2.0. Something is lost on the way. The plan must be made and the tasks must be sent out, which
# a second core does not speed up, and other programs want the cores, too. (We have not measured how
# much each of these costs.) And eight partitions? They can be faster than two only where more than
# two cores wait for them.
#
# A bigger machine, with more cores, faster ones or more memory, is called **scaling up**; more
# machines, **scaling out**. This notebook can only scale up: all its cores are in your machine.
# Scaling up ends at the largest machine that you can get. Scaling out goes on from there, although
# ten machines are seldom ten times as fast as one. The program stays the same: Spark needs enough
# partitions for its cores, wherever they are.
#
# ## Lazy until asked
#
# Here are Rosa's orders. `load` makes a Spark data frame of the file, and `show` prints its first
# rows.

# %%
from course_utils import load

orders, stores = load("orders"), load("stores")
orders.show(3)

# %% [markdown]
# **Predict:** how many jobs does Spark start for a filter, a computation and a selection?

# %% tags=["nbval-check-output"]
before = draw.jobs(spark)
large = orders.filter("amount > 100")
taxes = large.withColumn("tax", F.col("amount") * 0.2).select("tax")
print("jobs for three transformations:", draw.jobs(spark) - before)
taxes.agg(F.sum("tax")).collect()
print("jobs for one action, at least one:", draw.jobs(spark) > before)

# %% [markdown]
# None. `filter`, `withColumn` and `select` are **transformations**. They only make the plan longer.
# An **action** runs it: `collect`, `count`, `show`, `toPandas`, a write. (`count` is an action on a
# data frame. After `groupBy` it is a transformation, which makes a column of counts.)
#
# This has a consequence that surprises everybody once. `createDataFrame` makes a small frame of two
# texts, and `to_date` is to read them as dates.
#
# **Predict** which line below fails.

# %% tags=["nbval-check-output"]
texts = spark.createDataFrame([("1984-03-07",), ("07.03.1984",)], "born string")
try:
    dates = texts.select(F.to_date("born", "yyyy-MM-dd"))
    print("the transformation was accepted")
    dates.collect()
except Exception as error:
    print("the action failed:", error.getCondition())

# %% [markdown]
# The second text is no date of the form year-month-day. But Spark finds a bad value only when it
# reads the rows, so the error points at the action. The line to fix is the one with `to_date`,
# which may stand in another cell, an hour earlier.
#
# ## What Catalyst makes of your query
#
# Being lazy has a good side, too: Spark's optimizer, **Catalyst**, sees the whole query before
# anything runs. This one is careless. It joins everything, filters late, and returns two of six
# columns.
#
# **Predict:** what would you do first instead?

# %%
joined = orders.join(stores, "store_id")
query = joined.filter("amount > 200").select("city", "amount")
plans = draw.plans(query)
print("BEFORE\n" + plans["Analyzed Logical Plan"])
print("\nAFTER\n" + plans["Optimized Logical Plan"])

# %% [markdown]
# (`draw.plans` takes the sections out of what `query.explain("extended")` prints.) *Before* is the
# query as it was written: read from the bottom, join, filter, select. *After*, the `Filter` has
# moved below the `Join`, so that fewer rows are joined. And a `Project` above each table drops the
# columns that nobody asks for. The tests `isnotnull` are Catalyst's own idea: a row without a
# `store_id` finds no partner in this join, so it may go early.
#
# Both go down to the files. You can see it in the *physical plan*, which says how Spark will do the
# work, where it scans `orders`:

# %% tags=["nbval-check-output"]
import re

scan = plans["Physical Plan"].split("FileScan")[1]
print(re.search(r"PushedFilters: .*?\]", scan).group())
print(re.search(r"ReadSchema: \S+", scan).group())

# %% [markdown]
# A **pushed filter** goes to the Parquet reader. A Parquet file knows the smallest and the largest
# amount of each of its blocks, and the reader skips the blocks in which nothing is over 200. (Our
# file is so small that it is a single block, with larger amounts in it. So nothing is skipped here;
# with hundreds of blocks it can be most of them.)
#
# **Pruned columns** are not read at all: two of the four columns are left. pandas leaves columns
# out only if you tell it to, as Rosa did with `columns=`.
#
# **Exercise 2.** Write the filter as `"amount * 2 > 400"`, and run both cells again. What is pushed
# now?
#
# <details><summary>Answer</summary>
#
# Only the test that `amount` and `store_id` are there (`IsNotNull`). The filter itself still moves
# below the join, but a Parquet block knows its largest amount and nothing about twice the amount.
# So every block is read. Compare a column as it is with a constant.
# </details>
#
# Is SQL slower or faster than a data frame? **Predict,** then compare the plans.
# (`createOrReplaceTempView` gives the frame a name for SQL.)

# %% tags=["nbval-check-output"]
orders.createOrReplaceTempView("orders")
frame = orders.filter("amount > 200").groupBy("store_id").count()
sql = spark.sql("SELECT store_id, count(*) AS count FROM orders "
                "WHERE amount > 200 GROUP BY store_id")
same = [draw.plans(query)["Optimized Logical Plan"] for query in (frame, sql)]
print("the same optimized plan:", same[0] == same[1])

# %% [markdown]
# Catalyst gets both, and has made the same plan of them. So they are equally fast: write what reads
# better.
#
# ## A file of text
#
# The data are not always as tidy as `orders`. The head office sends Rosa its prices as a file of
# text. A product can be in it several times, because prices change. `sku` is the number by which
# the shops know a product. (`make_work_dir` makes an empty folder for the files of this notebook.)

# %%
from pathlib import Path

from course_utils import make_work_dir

work = make_work_dir("01_spark_review")
file = f"{work}/prices.csv"

# %%
Path(file).write_text("""sku;price;since
0042;$1,250.00;2026-01-01
0042;$1,250.00;2026-01-01
0042;$1,190.00;2026-03-01
0107;$8.50;2026-02-01
""")
spark.read.text(file).show(truncate=False)

# %% [markdown]
# `read.text` gives one row for each line, as it is: a good first look at a file. `read.csv`
# cuts the lines into columns. `sep` says what stands between the values, and `header`
# that the first line has the names.
#
# **Predict:** what becomes of product 0042 if Spark may guess the types (`inferSchema`)?

# %% tags=["nbval-check-output"]
guessed = spark.read.csv(file, sep=";", header=True, inferSchema=True)
prices = spark.read.csv(file, sep=";", header=True)
print("guessed:", guessed.first())
print("as text:", prices.first())

# %% [markdown]
# The guess has made a whole number of `sku`, and 0042 is now 42. It was right about the date, and
# it left the price as text, because of the dollar sign. To guess, Spark also had to read the file
# once more. Without `inferSchema` all columns stay text. That is what you want for everything you
# don't compute with: product numbers, postcodes, phone numbers. What is a number, you convert
# yourself:

# %% tags=["nbval-check-output"]
digits = F.regexp_replace("price", "[$,]", "")
prices = prices.withColumn("price", digits.cast("double"))
prices = prices.dropDuplicates()
prices.orderBy("sku", "since").show()

# %% [markdown]
# `regexp_replace` replaces every match of a pattern. `[$,]` matches a dollar sign or a comma, and
# nothing takes its place, so "$1,250.00" becomes "1250.00", which `cast` makes a number.
# `dropDuplicates` keeps one of rows that are equal; four rows have become three.
#
# Which price is the latest? `dropDuplicates(["sku"])` would keep one row for each product, but any
# one. To say which, number the rows of each product, the newest first:

# %% tags=["nbval-check-output"]
from pyspark.sql import Window

newest = Window.partitionBy("sku").orderBy(F.desc("since"))
numbered = prices.withColumn("place", F.row_number().over(newest))
numbered.orderBy("sku", "place").show()

# %% [markdown]
# A **window** cuts the rows into groups (`partitionBy`) and puts each group in order (`orderBy`).
# `row_number()` counts 1, 2, 3 in each group, so `place = 1` is the newest row, and product 0042
# costs 1,190. (`since` is still text. Dates that begin with the year are in the right order as
# text, too.)
#
# Now we write the result, five times into the same folder, in different **modes**. Where a write
# fails, `getCondition` gives the name of the error. **Predict** how many rows are there after each
# write.

# %% tags=["nbval-check-output"]
latest = numbered.filter("place = 1").drop("place")

def write(mode):
    try:
        latest.coalesce(1).write.mode(mode).parquet(f"{work}/latest")
        return "done"
    except Exception as error:
        return error.getCondition()

for mode in ("error", "error", "append", "overwrite", "ignore"):
    said, rows = write(mode), spark.read.parquet(f"{work}/latest").count()
    print(f"{mode:9}  {said}: {rows} rows")

# %% [markdown]
# `error` is what happens if you name no mode: the first write makes the folder, the second one
# stops because it exists. `append` adds rows, and here doubles them. `overwrite` puts the new rows
# in place of all that was there. `ignore` does nothing if there is something. Each task writes a
# file of its own, so a large frame of eight partitions becomes eight files. `coalesce(1)` put our
# two rows into one partition, and so into one file. (Don't do that with a large frame: one task
# would have to write all of it.) `repartition(8)` does the opposite, and shuffles the rows into
# eight partitions.
#
# ## How many shuffle partitions?
#
# `groupBy`, `dropDuplicates` and windows must bring equal keys together, so each of them shuffles.
# Into how many partitions? Spark's default is 200; `get_spark` has set it to 4 for this course.
#
# **Predict:** which number suits Rosa's orders and your cores? (We switch *adaptive execution* off
# for a moment, or it would change the number. Each run builds a new query, because Spark keeps the
# shuffle of one that has run.)

# %%
def totals():
    return orders.groupBy("store_id").agg(F.sum("amount"))

took = {}
spark.conf.set("spark.sql.adaptive.enabled", False)
for n in (2, 20, 200):
    spark.conf.set("spark.sql.shuffle.partitions", n)
    took[n] = measure(lambda: totals().collect())
    print(f"{n:3} partitions: {took[n]}")
print(f"200 take {took[200].median / took[2].median:.1f} times as long as 2.")

# %% [markdown]
# The rows are the same. What grows is the number of tasks. Divide the extra time by the 198 extra
# tasks, and you have what a task costs here even if there is hardly a row in it. With large data
# the opposite mistake can hurt more: with too few partitions, cores have nothing to do, or a
# partition does not fit into memory.
#
# **Adaptive query execution**, AQE, spares you the guess. It runs the first stage, looks at how
# much came out, and plans the rest anew.
#
# **Predict:** the setting is still 200. How many tasks will the last stage have with AQE?

# %% tags=["nbval-check-output"]
for adaptive in (False, True):
    spark.conf.set("spark.sql.adaptive.enabled", adaptive)
    query = totals()
    last = draw.stages(spark, f"AQE {adaptive}", query.collect).iloc[-1]
    print(f"AQE {adaptive!s:5}  {last['tasks']} task(s) in the last stage")
plan = draw.plans(query)["Physical Plan"]
print("in the final plan:", re.search("AQEShuffleRead.*", plan).group())

# %% [markdown]
# The first stage handed on only a small total for each store. AQE saw that and **coalesced** the
# partitions, that is, put many small ones together. AQE is on by default, and with it a number that
# is too large does little harm. But it only puts partitions together. It does not raise a number
# that is too small, so with large data choose one that is rather too large. (It does split the
# partitions of skewed joins, which come next.)
#
# ## One task that never ends
#
# There is a problem that no number of partitions solves. The chain's web shop has visits from 40
# countries, but 60 % of them come from one. Each visit needs the tax rate of its country.

# %%
home = F.col("id") % 10 < 6
small = 1 + F.pmod(F.hash("id"), F.lit(39))
country = F.when(home, 0).otherwise(small)
visits = spark.range(1_000_000).withColumn("country", country)
rates = spark.range(40).selectExpr("id AS country", "15 + id % 10 AS tax")

# %% [markdown]
# `when` and `otherwise` choose a value for each row: country 0 for six visits in ten, and for the
# rest one of 39 others. Which one it is, a **hash** decides: `F.hash` computes from each `id` a
# number that looks like chance, and `pmod` keeps the remainder of a division by 39. `selectExpr`
# makes columns from bits of SQL. Let us count. (40 rows come to the notebook, so `collect` is
# safe.)

# %% tags=["nbval-check-output"]
per_country = visits.groupBy("country").count().orderBy("count")
*others, most = [row["count"] for row in per_country.collect()]
print(f"{len(others)} countries with {others[0]:,} to {others[-1]:,} visits")
print(f"1 country with {most:,}")

# %% [markdown]
# A join brings equal keys together, too: all visits of a country and its rate must meet in one
# partition. (The settings make this small example behave like a large one: eight partitions, no
# AQE, and no *broadcast*, which we come to.)

# %%
spark.conf.set("spark.sql.adaptive.enabled", False)
spark.conf.set("spark.sql.shuffle.partitions", 8)
spark.conf.set("spark.sql.autoBroadcastJoinThreshold", -1)

def spread(frame):
    counts = frame.groupBy(F.spark_partition_id()).count()
    found = dict(counts.collect())
    return [found.get(number, 0) for number in range(8)]

by_country = visits.join(rates, "country")

# %% [markdown]
# `spread` counts the rows of each partition, as we did with the jar. Its first two stages read the
# two tables. The third one joins them, in eight tasks, and this is the one that we draw
# (`stage=2`, as Python counts from 0).
#
# **Predict:** how do the eight bars lie this time?

# %%
skewed = draw.tasks(spark, "skewed join",
                    lambda: spread(by_country), stage=2)
draw.waves(skewed)

# %% [markdown]
# One task takes far longer than any other; the caption has its seconds. It is the one that got the
# large country, and so at least 60 % of all visits. It runs on one core, however large the cluster
# is, and when the other tasks are done, the other cores wait for it. This is called **skew**. More
# partitions would not help, since one key is never divided between two of them.
#
# There is a remedy: we add a small number to the key, the **salt**. Then the visits of the large
# country have 64 different keys, and can go to different partitions. In return each rate must exist
# 64 times, once for each salt. `crossJoin` pairs every row with every other one.
#
# **Predict:** how many of the million rows will the largest partition have then?

# %%
salted = visits.withColumn("salt", F.col("id") % 64)
salts = spark.range(64).withColumnRenamed("id", "salt")
copies = rates.crossJoin(salts)
by_salt = salted.join(copies, ["country", "salt"]).drop("salt")
draw.partitions({"country": spread(by_country),
                 "country and salt": spread(by_salt)})

# %% [markdown]
# On the left is the join that we have just timed. Its largest partition has even more than the 60 %
# of the large country, because small countries came to the same partition. On the right, the same
# rows have spread. The bars are not quite equal, since it is up to the hash of the keys which of
# them meet. But none is far from an even share, the dashed line. Are they really the same rows?

# %% tags=["nbval-check-output"]
for name, frame in {"country": by_country, "salt": by_salt}.items():
    rows, tax = frame.agg(F.count("*"), F.sum("tax")).first()
    print(f"by {name:7}  {rows:,} rows, taxes add up to {tax:,}")

# %% [markdown]
# They are as many, and their taxes have the same sum. But the salt has its price: 64 copies of the
# rates, which is a lot if the smaller table is large, and more work for all tasks together, since
# rows are now sorted by two keys. (Look at it with `draw.waves`, as above.) So the salt pays where
# many cores would wait for one task. Try things in this order:
#
# 1. **AQE** can split a partition of a join while the query runs, if it has more than 256 MB and is
#    more than five times as large as the median one. So leave AQE on.
# 2. **Broadcast:** if the other table is small, send it whole to every executor. Then the visits
#    need no shuffle at all. Spark does it by itself up to 10 MB (`autoBroadcastJoinThreshold`);
#    `F.broadcast(rates)` asks for it.
# 3. **Salt** is what is left when neither of the two will do.
#
# **Exercise 3.** Replace both 64 by 2, and look at the right-hand picture. Why is that not enough?
#
# <details><summary>Answer</summary>
#
# With two salts, the large country has two keys, so it goes to two partitions at most, and each of
# them has at least 30 % of all visits, more than twice an even share. You need at least as many
# salts as partitions, and better many more, since chance puts several keys into one partition.
# </details>
#
# The next cell puts the settings back.

# %%
spark.conf.set("spark.sql.adaptive.enabled", True)
spark.conf.set("spark.sql.shuffle.partitions", 4)
spark.conf.set("spark.sql.autoBroadcastJoinThreshold", "10MB")

# %% [markdown]
# ## Caching, measured
#
# As a rule, a plan runs from the start again for every action. `cache` keeps the rows in memory,
# and on disk what does not fit there. It is lazy, too: the first action fills the cache, and only
# later ones read it. **Predict:** how often must the rows be used before it pays?

# %%
values = sines(1_000_000, 4)

def fill():
    values.unpersist(blocking=True)
    largest(values.cache())

plain = measure(lambda: largest(values))
filling = measure(fill)
cached = measure(lambda: largest(values))

# %%
draw.uses(plain, filling, cached)
values = values.unpersist()

# %% [markdown]
# `unpersist` empties the cache, so that `fill` has to fill it in each run. The picture is made of
# three medians: one use without a cache, the use that fills it, and one that reads it. The dots are
# computed from these three. Filling is extra work, so the cached line should start a little higher.
# From then on it climbs more slowly, because the sines are there already. It still climbs: reading
# and comparing a million numbers is work, too.
#
# So cache what is expensive to compute *and* used often, such as the training rows of a model that
# passes over them again and again, and let go of it afterwards. (The page *Storage* of the UI says
# what a cache occupies while it is full. A million numbers of 8 bytes make about 8 MB. Ours is
# empty by now.)
#
# ## Who is faster, and from how many rows on?
#
# Back to Rosa. Her report took Spark many times as long as pandas. We know now what it has to do
# besides adding: make a plan, cut the work into tasks, send them out and bring the results
# together. If that is where the time went, a report of ten thousand rows should take about as long
# as one of a million. Does it? And what happens when there are many more?
#
# We make orders of five sizes, up to thirty million. This takes a moment.

# %%
sizes = [10_000, 100_000, 1_000_000, 10_000_000, 30_000_000]
for n in sizes:
    rows = spark.range(n).selectExpr("id % 200 AS store_id",
                                     "120 * rand(1) AS amount")
    rows.write.mode("overwrite").parquet(f"{work}/{n}")

# %% [markdown]
# Both tools get Rosa's report, as it stands at the top of this notebook. First we make sure that
# they agree, and warm both up. (Each adds in its own order, so the last digits may differ. `1e-9`
# allows for that.)

# %% tags=["nbval-check-output"]
for n in sizes:
    one, other = with_pandas(f"{work}/{n}"), with_spark(f"{work}/{n}")
    same = ((one - other).abs() < 1e-9 * one).all()
    print(f"{n:10,} rows, {len(other)} groups, same sums: {same}")

# %% [markdown]
# **Predict:** from how many rows on is Spark faster on this machine?

# %%
times = {}
for n in sizes:
    folder = f"{work}/{n}"
    times["pandas", n] = measure(lambda f=folder: with_pandas(f))
    times["Spark", n] = measure(lambda f=folder: with_spark(f))

# %%
for (tool, n), timing in times.items():
    print(f"{n:10,} rows  {tool:6}  {timing}")
draw.race(times)

# %% [markdown]
# Dots are medians of five runs, and bars go from the fastest run to the slowest. These are the
# times of one machine; those of yours are in your own copy.
#
# Begin on the left. From ten thousand rows to a million, a hundred times as many, Spark's line
# rises little: most of it is the fixed cost. The line of pandas rises much earlier, because it has
# hardly any fixed cost. Further right both lines rise with the rows, and what counts there is the
# price of one more row, which stands below the picture. There Spark's helpers count: it reads and
# adds with all cores. pandas reads the file with all cores, too, but then groups with one. So more
# cores should lower Spark's line more than that of pandas. (We measured with one number of cores
# only.)
#
# Where the lines cross is a fact about one machine, one job and one file, and no law. It is also a
# rough number: we measured five sizes and nothing in between, and where the bars of both tools
# overlap, the race is open. What does it mean for Rosa?

# %%
crossing, a_year = draw.crossover(times), orders.count()
since = "about" if crossing else "more than"
print(f"{a_year:,} orders a year: Spark is faster after {since} "
      f"{(crossing or sizes[-1]) / a_year:,.0f} years of orders.")

# %% [markdown]
# For the orders of a single year, Rosa should keep pandas. But speed is not the only limit. Her
# report, as she wrote it with pandas, holds all rows in memory at once. How much is that?
# `memory_usage` says what the rows take, and `draw.peak` what pandas takes at most on top of them
# while it groups. (Python's `tracemalloc` counts it.) `draw.grouping` asks the Spark UI in how many
# bytes the tasks kept their groups.
#
# **Predict:** what becomes of the two numbers when there are ten times as many rows?

# %%
for n in (1_000_000, 10_000_000):
    rows = pd.read_parquet(f"{work}/{n}")
    on_top = draw.peak(lambda rows=rows: report(rows))
    needed = rows.memory_usage().sum() + on_top
    groups = draw.grouping(spark, f"memory for {n:,}",
                           lambda n=n: with_spark(f"{work}/{n}"))
    print(f"{n:10,} rows  pandas {needed / 1e6:4.0f} MB   "
          f"groups in Spark {groups / 1e6:.1f} MB")

# %% [markdown]
# What pandas needs grows with the rows, and what Spark's tasks keep does not. A task reads some
# rows, adds them to the sums of its groups, at most 400 of them, and forgets the rows. (The Java
# process itself, and the rows that are being read, come on top. We have not counted those.)
#
# So how many rows fit into the memory of this machine? `psutil` knows how large it is:

# %%
import psutil

memory, per_row = psutil.virtual_memory().total, needed / n
print(f"{per_row:.0f} bytes a row: {memory / 1e9:.0f} GB hold at most "
      f"{memory / per_row / 1e6:,.0f} million rows.")

# %% [markdown]
# For how many years is that enough? And what if the orders had 40 columns, that is, 38 more with 8
# bytes each?

# %%
years, wide = memory / per_row / a_year, memory / (per_row + 38 * 8)
print(f"It holds {years:,.0f} years of orders. With 40 columns, it holds "
      f"{wide / 1e6:,.0f} million rows.")

# %% [markdown]
# The first number says when memory will be a reason for Rosa to leave pandas, and the second one
# how much sooner it comes with a wide table. Both are upper limits, which leave nothing to other
# programs. (You can also let pandas read a file in pieces, but then you plan the pieces yourself.)
#
# Spark takes a partition for each core, and then the next ones. When sorting, joining or grouping
# needs more memory than a task has, Spark writes a part to disk for a while (it *spills*), which is
# slow, but works. Some things must fit all the same: what you collect goes to the driver, what you
# broadcast goes whole to each executor, and a group that you hand to pandas, as in lesson 18, goes
# whole to one task.
#
# So **Spark is the wrong tool** for data that fit into one memory and an answer that is wanted at
# once; for finding or changing single rows, which a database does; and for one small model on a
# small table, as lesson 06 measures. It is the right one when data outgrow one machine, when hours
# of work can be cut into tasks, or when what you build today must carry a hundred times as much
# next year.
#
# ## On Databricks
#
# > - A notebook already has `spark`, so `get_spark` goes away. The Spark UI is a tab of the compute
# >   that the notebook runs on. *Serverless* compute has no Spark UI and no `sparkContext`; there,
# >   the *query profile* shows what ran.
# > - AQE is on there, too, with a broadcast limit of its own, 30 MB. `spark.sql.shuffle.partitions`
# >   can also be set to `auto`.
# > - `cache()` and `persist()` do not work on serverless compute; they raise an error. The *disk
# >   cache* is something else: on machines with fast disks of their own it keeps copies of Parquet
# >   files there, by itself.
#
# ## What you know now
#
# - A partition is the work of one task, a core runs one task at a time, and a shuffle ends a stage.
# - Transformations make the plan longer, an action runs it. Catalyst improves the plan before the
#   run and AQE during it, for SQL and data frames alike.
# - `dropDuplicates` keeps any copy, a window the one that you say. The mode decides what a write
#   does to what is there.
# - A skewed key ends up in one long task, until AQE, a broadcast or a salt helps.
# - A cache pays from some number of uses on, and Spark from some number of rows on, or when the
#   rows do not fit into one memory. Measure both.
#
# **Check yourself:** how many stages has `orders.select("store_id").distinct().count()` at least,
# and why? Try it with `draw.stages`.
#
# <details><summary>Answer</summary>
#
# ```python
# different = orders.select("store_id").distinct()
# print(draw.stages(spark, "stores", different.count).to_string(index=False))
# ```
#
# Three, since there are two shuffles, and each ends a stage. `distinct` must bring equal stores
# together, and `count` must add what each partition has counted. On the orders of the course, the
# first stage reads 300,000 rows and hands on 200, each store once. The second hands on a single
# number, which the third reads.
# </details>
#
# **Exam:** what a cluster consists of, and when a single machine is the better choice; what makes
# distributed work hard: partitions, shuffles, skew; scaling up and scaling out. It also
# prepares for tuning in parallel and for scoring in batches.
#
# **Next:** the lab of this lesson, with a messy customer file and a skewed join. Then lesson 02,
# *Delta review*.
