# %% [markdown]
# # 01 · Spark review
#
# **The question of this notebook:** what does Spark do with one line of your code, and when is
# that worth its price?
#
# - **Time:** 35 minutes
# - **You will be able to:** find the driver, tasks, partitions and stages of a job in the Spark
#   UI and in `explain`; tell transformations from actions and read what the optimizer changed;
#   measure what caching and shuffle partitions do; decide from a measurement whether a job
#   needs Spark
# - **Before you start:** some Python, and a table in pandas once or twice
# - **Data:** `orders` and `stores` of a made-up shop, and tables of numbers written here
# - **Exam objectives:** 2022-S1, 2022-S3, 2022-S4; groundwork for 2025-34 and 2025-45

# %%
import contextlib
import io
import json
import re
import urllib.request

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.sql import functions as F

from course_utils import get_spark, load, make_work_dir, measure, show

spark = get_spark("01_spark_review")
context = spark.sparkContext

# %% [markdown]
# ## A jar of candy
#
# How do four people count a jar of candy? Each takes a share, counts it and calls out one number;
# somebody adds up the four numbers. Spark counts the same way. This jar has a million pieces, one
# row each, in four **partitions**; `spark_partition_id` says which one a row is in.

# %% tags=["nbval-check-output"]
jar = spark.range(0, 1_000_000, numPartitions=4)
helper = F.spark_partition_id().alias("helper")
shares = jar.groupBy(helper).count().orderBy("helper").toPandas()
print(shares.to_string(index=False))
print(f"added up: {shares['count'].sum()}, Spark's own count: {jar.count()}")

# %% [markdown]
# The work on one partition is a **task**. Your notebook talks to the **driver**, which plans and
# collects; **executors** have the cores on which tasks run. The Spark UI knows them all. Open the
# address below and click *Executors*.

# %%
print(context.uiWebUrl)

# %% [markdown]
# What its pages show can also be read as data:

# %%
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy on the way


def ui(page):
    """One page of the Spark UI, as data, after the UI has heard all news."""
    context._jsc.sc().listenerBus().waitUntilEmpty()
    address = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/{page}"
    with direct.open(address) as answer:
        return json.load(answer)


# %%
pd.DataFrame(ui("executors"))[["id", "isActive", "totalCores", "maxTasks"]]

# %% [markdown]
# On one machine a single process plays both parts, so its row is called `driver`. A cluster adds
# a row for each executor. `maxTasks` says how many tasks can run at the same time.
#
# A job runs in **stages**. The label below makes them easy to find in the UI: click *Stages* and
# look under *Description*.


# %%
def stages_of(label, action):
    """Run an action under a label; return the stages that ran, in order."""
    context.setJobDescription(label)
    action()
    context.setJobDescription(None)
    done = [stage for stage in ui("stages?status=complete") if stage.get("description") == label]
    return sorted(done, key=lambda stage: stage["stageId"])


# %% [markdown]
# **Predict:** how many stages does counting take, and with how many tasks each?

# %% tags=["nbval-check-output"]
stages = pd.DataFrame(stages_of("count the jar", jar.count))
facts = ["numTasks", "inputRecords", "shuffleWriteRecords", "shuffleReadRecords"]
print(stages[facts].to_string(index=False))

# %% [markdown]
# The first stage has one task per partition, and each writes a single row: its total. The one
# task of the second stage reads those rows and adds them. Only totals travel from task to task,
# never the jar. That exchange is a **shuffle**, and a shuffle is where a stage ends.
#
# `explain` tells the same before anything runs. This helper cuts its text into sections and drops
# the running numbers.


# %%
def plans(frame):
    """The sections of explain("extended"), by title."""
    with contextlib.redirect_stdout(io.StringIO()) as text:
        frame.explain("extended")
    clean = re.sub(r"#\d+L?|, \[plan_id=\d+\]", "", text.getvalue())
    parts = re.split(r"(?m)^== (.+) ==\n", clean)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


# %%
print(plans(jar.agg(F.count("*")))["Physical Plan"])

# %% [markdown]
# Read from the bottom: make the rows, count partially (the shares), `Exchange` (the shuffle),
# count the counts.
#
# ## More helpers
#
# Now some heavier work: the sine of each number, the sine of that, and so on twenty times.


# %%
def sines(pieces, partitions):
    value = F.col("id").cast("double")
    for _ in range(20):
        value = F.sin(value)
    return spark.range(0, pieces, numPartitions=partitions).select(value.alias("value"))


def largest(frame):
    return frame.agg(F.max("value")).collect()


# %% [markdown]
# **Predict:** the work is cut into eight partitions. How many tasks run at the same time on your
# machine, and what do the others do meanwhile? The UI keeps the start and the duration of each.

# %%
stage = stages_of("eight shares", lambda: largest(sines(2_000_000, 8)))[0]
tasks = pd.DataFrame(ui(f"stages/{stage['stageId']}/{stage['attemptId']}/taskList"))
start = pd.to_datetime(tasks["launchTime"].str.removesuffix("GMT"))
tasks["start"] = (start - start.min()).dt.total_seconds()
tasks["seconds"] = tasks["duration"] / 1000

# %%
fig, ax = plt.subplots()
tasks = tasks.sort_values("start")
names = [f"task {i + 1}" for i in range(len(tasks))]
ax.barh(names, tasks["seconds"], left=tasks["start"], edgecolor="black")
ax.invert_yaxis()
ax.set_xlabel("seconds since the first task started")
mean = tasks["seconds"].sum() / (tasks["start"] + tasks["seconds"]).max()
ax.set_title(f"{len(tasks)} tasks, on average {mean:.1f} at the same time")
show(fig, alt=f"Bars on an axis of seconds, one for each task; on average {mean:.1f} overlap.")

# %% [markdown]
# Tasks run in waves: one that finds no free core waits. The first are often longer, because Java
# compiles the code while it runs. (In the UI: *Event Timeline* on the page of a stage.)
#
# What is a second helper worth? **Predict** the factor, then measure the same work in one
# partition, in two and in eight.

# %%
speed = {}
for n in (1, 2, 8):
    speed[n] = measure(lambda n=n: largest(sines(2_000_000, n)), repeats=3)
    print(f"{n} partition(s): {speed[n]}")
factor = speed[1].minimum / speed[2].minimum
verdict = "the second helper was worth it" if factor > 1.2 else "no second core was free"
print(f"At their fastest, one helper took {factor:.1f} times as long as two: {verdict}.")

# %% [markdown]
# A partition is never split between cores: with one partition, one core works and the rest watch.
# Two helpers halve the time only if there is no other overhead. Planning and starting tasks take
# time, and other programs take their share of the cores: where they keep all but one busy, a second
# helper gains nothing and may even cost. One machine with more cores is **scaling up**; more
# machines are **scaling out**. At the end we compare Spark with a tool that uses one process.
#
# ## Lazy until asked
#
# Here are the orders of a made-up chain of shops.

# %%
orders, stores = load("orders"), load("stores")
orders.show(3)

# %% [markdown]
# **Predict:** how many jobs does Spark start for a filter, a computation and a selection?

# %% tags=["nbval-check-output"]
before = len(ui("jobs"))
taxed = orders.filter("amount > 100").withColumn("tax", F.col("amount") * 0.2).select("tax")
print("jobs for three transformations:", len(ui("jobs")) - before)
taxed.agg(F.sum("tax")).collect()
print("jobs for one action, at least one:", len(ui("jobs")) > before)

# %% [markdown]
# **Transformations** only extend a plan. An **action** (`collect`, `count`, `show`, a write) runs
# it. One consequence surprises everybody once. **Predict** which line below fails.

# %% tags=["nbval-check-output"]
texts = spark.createDataFrame([("1984-03-07",), ("07.03.1984",)], "born string")
try:
    dates = texts.select(F.to_date("born", "yyyy-MM-dd"))
    print("the transformation was accepted")
    dates.collect()
except Exception as error:
    print("the action failed:", error.getCondition())

# %% [markdown]
# A bad value is found when rows are read, so the error points at the action, not at the line to
# mend.
#
# ## What Catalyst makes of your query
#
# Since nothing has run, the optimizer, **Catalyst**, sees the whole query first. This one is
# careless: it joins everything and filters late, although it returns two columns of six.

# %%
query = orders.join(stores, "store_id").filter("amount > 200").select("city", "amount")
print("BEFORE\n" + plans(query)["Analyzed Logical Plan"])
print("AFTER\n" + plans(query)["Optimized Logical Plan"])

# %% [markdown]
# Before: read, join, filter, select, as written. After: the filter has moved below the join, and a
# `Project` above each table drops unused columns. Both reach the files, as the scan of `orders`
# says:

# %% tags=["nbval-check-output"]
scan = plans(query)["Physical Plan"].split("FileScan")[1]
print(re.search(r"PushedFilters: .*?\]", scan).group())
print(re.search(r"ReadSchema: \S+", scan).group())

# %% [markdown]
# A **pushed filter** lets the Parquet reader skip blocks whose largest amount is too small;
# **pruned columns** are not read at all. Is SQL faster or slower than the DataFrame API?
# **Predict,** then compare the plans.

# %% tags=["nbval-check-output"]
orders.createOrReplaceTempView("orders")
frame = orders.filter("amount > 200").groupBy("store_id").agg(F.count("*").alias("n"))
sql = spark.sql("SELECT store_id, count(*) AS n FROM orders WHERE amount > 200 GROUP BY 1")
print("same meaning to Spark:", frame.sameSemantics(sql))
optimized = "Optimized Logical Plan"
print("same optimized plan:", plans(frame)[optimized] == plans(sql)[optimized])

# %% [markdown]
# Two languages, one plan, one speed: write what reads better.
#
# ## How many shuffle partitions?
#
# A `groupBy` brings equal keys together, so it shuffles, by default into 200 partitions.
# **Predict:** which number suits this table and your cores? Adaptive execution is off, so that the
# setting counts. Each run builds a new query, because Spark keeps the shuffle of one that has run.


# %%
def totals():
    return orders.groupBy("store_id").agg(F.sum("amount"))


# %%
spark.conf.set("spark.sql.adaptive.enabled", False)
for n in (2, 20, 200):
    spark.conf.set("spark.sql.shuffle.partitions", n)
    print(f"{n:>3} shuffle partitions: {measure(lambda: totals().collect(), repeats=3)}")

# %% [markdown]
# Every partition is a task, and starting one costs milliseconds whether it has many rows or none.
# On a large cluster the opposite error hurts: too few partitions leave cores idle or overfill
# their memory.
#
# **AQE** (adaptive query execution) spares you the guess: it runs the first stage, looks at what
# came out and plans the rest anew. **Predict:** 200 is still set. How many tasks will the last
# stage have with AQE?

# %% tags=["nbval-check-output"]
for adaptive in (False, True):
    spark.conf.set("spark.sql.adaptive.enabled", adaptive)
    answer = totals()
    last = stages_of(f"totals, AQE {adaptive}", answer.collect)[-1]
    print(f"AQE {adaptive}: {last['numTasks']} task(s) in the last stage")
print("in the final plan:", re.search("AQEShuffleRead.*", plans(answer)["Physical Plan"]).group())

# %% [markdown]
# The first stage handed on only a small total per store, so AQE **coalesced** the partitions.
# Printed after a run, `explain` has both plans, `Final Plan` and `Initial Plan`. AQE can also turn
# a join into a broadcast join when one side comes out small, and split a partition far larger
# than the rest. It judges by bytes: in the lab you mend a skew that is too small for it.
#
# ## Caching, measured
#
# A plan runs again from the start for every action. `cache` keeps the rows, once a first action
# has filled it. **Predict:** after how many uses has it paid?

# %%
values = sines(1_000_000, 4)
plain = measure(lambda: largest(values), repeats=3)
values.cache()
filling = measure(lambda: largest(values), repeats=1)
cached = measure(lambda: largest(values), repeats=3)
print(f"not cached: {plain}\nfilling:    {filling}\ncached:     {cached}")

# %% [markdown]
# Filling costs extra, each later use saves something; the break-even follows from the three.

# %%
extra, saved = filling.median - plain.median, plain.median - cached.median
if saved > 0:
    uses = 1 + max(1, int(np.ceil(extra / saved)))
    print(f"Filling: {extra:+.2f} s. Each later use saves {saved:.2f} s.")
    print(f"Caching pays if the rows are used {uses} times or more.")
else:
    print("Reading the cache was no faster this time, so caching does not pay.")

# %% [markdown]
# What does it occupy? In the UI this is the page *Storage*.

# %%
kept = ui("storage/rdd")[0]
print(f"{kept['memoryUsed'] / 1e6:.0f} MB in {kept['numCachedPartitions']} partitions")
values = values.unpersist()

# %% [markdown]
# Cache what is expensive **and** used often, such as a training set that is read in every
# iteration, and let go of it afterwards.
#
# ## Is it worth it? pandas beside Spark
#
# More helpers in one machine, as here, is scaling *up*; more machines is scaling *out*. Either way
# the question is what a helper costs before it helps. pandas works in one process, without driver,
# tasks or shuffle. Spark writes tables of five sizes as folders of Parquet.

# %%
folder = make_work_dir("01_spark_review")
spark.conf.set("spark.sql.shuffle.partitions", 4)
sizes = [10**4, 10**5, 10**6, 10**7, 4 * 10**7]
for rows in sizes:
    table = spark.range(rows).selectExpr("id % 1000 AS key", "rand(1) AS value")
    table.write.parquet(f"{folder}/{rows}")

# %% [markdown]
# Both get the same job: read a folder, return the mean per key as a pandas table.


# %%
def with_pandas(rows):
    return pd.read_parquet(f"{folder}/{rows}").groupby("key")[["value"]].mean()


def with_spark(rows):
    table = spark.read.parquet(f"{folder}/{rows}")
    return table.groupBy("key").agg(F.avg("value").alias("value")).toPandas()


# %% [markdown]
# First make sure that both give the same answer, which also warms both up.

# %% tags=["nbval-check-output"]
for rows in sizes:
    one, other = with_pandas(rows), with_spark(rows).set_index("key").loc[range(1000)]
    print(f"{rows:>10,} rows, {len(one)} keys, equal means: {np.allclose(one, other)}")

# %% [markdown]
# **Predict:** from how many rows on is Spark faster on this machine?

# %%
race = pd.DataFrame(index=sizes)
race["pandas"] = [measure(lambda n=n: with_pandas(n), repeats=5).median for n in sizes]
race["Spark"] = [measure(lambda n=n: with_spark(n), repeats=5).median for n in sizes]
race["ratio"] = race["Spark"] / race["pandas"]
print(race.rename("{:,}".format).round(3).to_string())

# %% [markdown]
# Median seconds of five runs; where the ratio is above 1, pandas is faster. Compare how the two
# columns grow from row to row: for few rows, Spark's time is nearly all planning and starting
# tasks. Where do the curves cross?

# %%
gap = np.log(race["ratio"])
slower = [rows for rows in sizes if gap[rows] > 0]
if not slower:
    finding = "Spark is faster at every size measured"
elif slower[-1] == sizes[-1]:
    finding = f"No crossover up to {sizes[-1]:,} rows: pandas is faster"
else:
    low, high = slower[-1], sizes[sizes.index(slower[-1]) + 1]
    where = low * (high / low) ** (gap[low] / (gap[low] - gap[high]))
    finding = f"Spark is faster from about {where:,.0f} rows on"

# %%
fig, ax = plt.subplots()
race[["pandas", "Spark"]].plot(ax=ax, loglog=True, style=["o-", "s--"], legend=False)
for tool in ("pandas", "Spark"):
    ax.annotate(f"  {tool}", (sizes[-1], race[tool].iloc[-1]), va="center")
ax.set(xlabel="rows (log scale)", ylabel="seconds, median of 5 (log scale)", title=finding)
ax.margins(x=0.15)
show(fig, alt=f"Seconds against rows on log axes, a line each for pandas and Spark. {finding}.")

# %% [markdown]
# A crossover is a fact about one machine, one job and one moment. More cores lower Spark's line but
# barely move that of pandas, which reads files with all cores and then groups with one. And a
# single helper meets a wall: its table must fit into one memory.

# %%
sample = pd.read_parquet(f"{folder}/{10**7}")
row = sample.memory_usage(deep=True).sum() / len(sample)
print(f"{row:.0f} bytes a row: 16 GB hold {16e9 / row:,.0f} rows and leave no room to work.")

# %% [markdown]
# Most tables have more than two columns. Spark takes partition after partition, so what must fit
# is one partition per core.
#
# **Spark is the wrong tool** when the data fit into one memory and the answer is wanted at once;
# for finding or changing single rows (a database does that); for one small model on a small table
# (lesson 06 measures it); for steps that must run row after row. It is right when data outgrow one
# machine, when hours of work can be split, or when a pipeline must carry much more tomorrow.

# %% [markdown]
# ## What you know now
#
# - **Parts of a job:** one task per partition; a stage ends at a shuffle (`Exchange` in `explain`);
#   the UI has it all, also as data.
# - **Lazy or not:** transformations extend a plan, actions run it. Catalyst pushes filters and
#   prunes columns before the run; AQE replans during it.
# - **Caching, shuffle partitions:** both cost and both can save. Measure.
# - **Spark or not:** below the crossover, the single helper wins.
#
# **Check yourself:** how many stages has `orders.select("store_id").distinct().count()` at least,
# and why? Run it with `stages_of`.
#
# **Next:** the lab of this lesson: a messy customer file and a skewed join. Then lesson 02, *Delta
# review*.
