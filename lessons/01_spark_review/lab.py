# %% [markdown]
# # 01 · Spark review, lab
#
# **The question of this lab:** can you clean a table and fix a slow join without leaving Spark?
#
# - **Time:** 40 minutes
# - **You will:** read a text file as it is; make keys that ignore letter case and formats; write a
#   chosen number of files; find a skewed key and fix the join that it slows down
# - **Before you start:** the demo of this lesson, which shows `groupBy`, `agg`, `withColumn`,
#   `select`, `filter`, `join`, `write.parquet`, `explain` and partitions. Reading CSV,
#   `regexp_replace`, `try_to_timestamp`, `dropDuplicates`, `repartition`, write modes, `broadcast`
#   and salt are explained in the question that needs them, with a line of code
# - **Data:** `customers`, a file from two shop systems; `orders` and `stores` of a chain
#
# Replace each `...` with your code, run the cell, then run the check below it. `lab.q1.hint()`
# gives a hint, and the next one when you call it again. Keep all digits of a number, and round only
# what you print: a rounded answer does not pass.

# %%
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load, locate, make_work_dir, open_lab

spark = get_spark("01_spark_review_lab")
lab = open_lab("01")

# %% [markdown]
# ## Part 1 · One list of customers
#
# Two shop systems exported their customers into one file. Some people are in it several times,
# and each time their data may be written differently. You will make a list that holds every person
# once. These are the first lines:

# %%
path = locate("customers")
spark.read.text(path).show(6, truncate=False)

# %% [markdown]
# ## Question 1 · Read the file
#
# Read the file at `path` into a frame `customers` with its seven columns under the names that the
# file gives them. Keep **all of them as text**: a phone number or a postcode is not a number to
# compute with. A file with values between semicolons, and names in its first line, is read like
# this; nothing turns its values into numbers unless you ask for it:
#
# ```python
# trips = spark.read.csv("trips.csv", sep=";", header=True)
# ```

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: read the file at `path`.
### STUB customers = ...
### BEGIN SOLUTION
customers = spark.read.csv(path, sep="|", header=True)
print(f"{len(customers.columns)} columns, {customers.count():,} rows")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · Keys that ignore the format
#
# The same person can appear with other capital letters, another way to write the phone number, or
# another way to write the birth date. There are three ways to write a date: `1984-03-07`,
# `07.03.1984` (day first) and `03/07/1984` (month first). All three mean 7 March.
#
# Make a frame `keyed` of ten columns: the seven of `customers`, **unchanged**, and three new ones:
#
# - `key_email`: the e-mail in lower case
# - `key_phone`: ten digits and nothing else (a leading `+1` is the country, not the number)
# - `key_born`: the birth date with the type date
#
# Be careful with dates: Spark is strict, and `F.to_date` ends the job at the first text that does
# not fit its pattern. These functions help:
#
# ```python
# F.regexp_replace("code", "[a-z ]", "")              # "12 ab 3" becomes "123"
# F.try_to_timestamp("text", F.lit("dd-MM-yyyy"))     # null where the text does not fit
# F.coalesce(first, second)                           # the first that is not null
# ```

# %% answer="q2"
# TODO q2: add the three key columns.
### STUB keyed = ...
### BEGIN SOLUTION
digits = F.regexp_replace("phone", r"\D", "")
patterns = ["yyyy-MM-dd", "dd.MM.yyyy", "MM/dd/yyyy"]
born = [F.to_date(F.try_to_timestamp("birth_date", F.lit(pattern))) for pattern in patterns]
keyed = (
    customers.withColumn("key_email", F.lower("email"))
    .withColumn("key_phone", F.right(digits, F.lit(10)))
    .withColumn("key_born", F.coalesce(*born))
)
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · Every person once
#
# Two rows are about the same person when e-mail, phone **and** birth date agree. A name proves
# nothing: some people share their name and even their birth date. Two keys are not enough either:
# couples share mailbox and landline, and twins share their birth date and one of these.
#
# Make a frame `people` with **one row per person**, with only the **seven columns of the file**,
# and with each row **written exactly as in the file**. It does not matter which of a person's rows
# you keep. Let Spark do it; do not bring the rows into Python. This keeps one row, any one, for
# each city and day:
#
# ```python
# trips.dropDuplicates(["city", "day"])
# ```

# %% answer="q3" tags=["nbval-check-output"]
# TODO q3: keep one row per person.
### STUB people = ...
### BEGIN SOLUTION
keys = ["key_email", "key_phone", "key_born"]
people = keyed.dropDuplicates(keys).drop(*keys)
print(f"{customers.count():,} rows about {people.count():,} people")
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · Eight part files
#
# Each task that writes makes its own file, so the number of partitions is the number of files.
# The program that fetches the list tomorrow expects **exactly eight**.
#
# Write `people` as Parquet into a folder inside `work`, in exactly eight part files, and keep the
# folder's path in `people_path`. A second run of the cell should succeed, too, and leave the same
# eight files. By default a write stops when its folder exists; `mode` changes that, and
# `repartition` sets the number of partitions:
#
# ```python
# trips.repartition(3).write.mode("append").parquet("trips")   # adds three files
# ```
#
# **Predict** first: how many files does a plain `people.write` make, after `dropDuplicates` and
# with AQE?

# %%
work = make_work_dir("01_spark_review_lab")

# %% answer="q4"
# TODO q4: write eight part files into a folder inside `work`.
### STUB people_path = ...
### BEGIN SOLUTION
people_path = f"{work}/people"
people.repartition(8).write.mode("overwrite").parquet(people_path)
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# And the prediction? A plain write makes a single file here: `dropDuplicates` shuffles, and AQE
# coalesces the small partitions after it.
#
# ## Part 2 · A join that waits for one task
#
# The orders of a chain are to be joined with its stores. On a cluster, one task of this join
# runs long after all others have ended. Some settings make the small tables of this lab behave like
# large ones: no automatic broadcast, eight shuffle partitions, and AQE leaves their number alone.
# (It would also split a far too large partition, but only from tens of megabytes on.)

# %%
spark.conf.set("spark.sql.autoBroadcastJoinThreshold", -1)
spark.conf.set("spark.sql.shuffle.partitions", 8)
spark.conf.set("spark.sql.adaptive.coalescePartitions.enabled", False)

# %% [markdown]
# The orders lie in eight files of equal size, and Spark reads each file as one partition:

# %%
orders_folder = f"{make_work_dir('01_spark_review_orders')}/orders"
load("orders").repartition(8).write.parquet(orders_folder)
spark.conf.set("spark.sql.files.minPartitionNum", 8)

# %% tags=["nbval-check-output"]
orders, stores = spark.read.parquet(orders_folder), load("stores")
print(f"{orders.rdd.getNumPartitions()} partitions, {stores.count()} stores")
print(", ".join(orders.columns), "|", ", ".join(stores.columns))

# %% [markdown]
# ## Question 5 · Find the hot key
#
# A shuffle sends rows with the same key to the same partition. Show where that hurts:
#
# - `hot_store`: the `store_id` with the most orders
# - `hot_share`: its share of all orders, between 0 and 1
# - `partition_rows`: a list with the number of orders in each of the eight partitions that
#   `orders.repartition(8, "store_id")` makes, in any order
#
# `first()` gives the first row of a frame, and a field of it comes out by its name:
#
# ```python
# row = trips.orderBy(F.desc("minutes")).first()
# row["minutes"]
# ```

# %% answer="q5" tags=["nbval-check-output"]
# TODO q5: find the hot key, its share, and the sizes of the partitions.
### STUB hot_store = ...
### STUB hot_share = ...
### STUB partition_rows = ...
### BEGIN SOLUTION
top = orders.groupBy("store_id").count().orderBy(F.desc("count")).first()
hot_store = top["store_id"]
hot_share = top["count"] / orders.count()
by_key = orders.repartition(8, "store_id").groupBy(F.spark_partition_id()).count()
partition_rows = sorted((row["count"] for row in by_key.collect()), reverse=True)
print(f"store {hot_store} has {hot_share:.1%} of the orders")
print("rows per partition:", partition_rows)
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Question 6 · Fix the join
#
# Make a frame `joined` with the same rows and the same six columns as
# `orders.join(stores, "store_id")`, but such that **no partition gets more than half of the
# orders**: no partition of `joined` itself, and none that a shuffle makes on the way to it. The
# orders stay in Spark. Two ways lead there:
#
# - **broadcast:** `F.broadcast(table)` sends a small table to every task, so that the large one
#   needs no shuffle
# - **salt:** add a small number to the key, different for the rows of one store, so that they
#   spread; then each store must exist once for every such number, as `crossJoin` makes it:
#
# ```python
# numbers = spark.range(4).withColumnRenamed("id", "number")
# cities.crossJoin(numbers)                            # every city four times, with 0 to 3
# ```

# %% answer="q6"
# TODO q6: join without a partition that holds most of the rows.
### STUB joined = ...
### BEGIN SOLUTION
joined = orders.join(F.broadcast(stores), "store_id")
### END SOLUTION

# %% check="q6"
lab.q6.check()

# %% [markdown]
# ## Where you are
#
# **Check yourself:** a second chain has stores by the million, too many to broadcast. Which of
# the two ways is left, and what does it cost on the side of the stores?
#
# **Next:** the quiz below, then lesson 02, *Delta review*.
#
# **Exam:** the parts of this lab that the exam asks about are how Spark splits work into tasks and
# where that goes wrong: partitions, shuffles, skewed keys and broadcast joins.

# %%
lab.summary()

# %% [markdown]
# The quiz asks as the exam would. Decide first, then open the answers.

# %%
ask_quiz("01")
