# %% [markdown]
# # 01 · Spark review: lab
#
# **The question of this notebook:** can you clean a table and mend a slow join without leaving
# Spark?
#
# - **Time:** 40 minutes
# - **You will be able to:** read a text file as it is; make keys that see through letter case
#   and formats; write a chosen number of files; find a skewed key and mend the join it slows
# - **Before you start:** the demo of this lesson
# - **Data:** `customers`, a file from two shop systems; `orders` and `stores`
# - **Exam objectives:** 2022-S1, 2022-S3
#
# Replace the `...` in each answer cell, run it, then run the check below it. `lab.q1.hint()`
# helps when you are stuck.

# %%
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load, locate, make_work_dir, open_lab

spark = get_spark("01_spark_review_lab")
lab = open_lab("01")

# %% [markdown]
# ## Part 1 · One list of customers
#
# Two shop systems exported their customers into one file. Some people are in it several times,
# and each time may be written in another way. You will make a list with every person once.
# These are the first lines:

# %%
path = locate("customers")
spark.read.text(path).show(6, truncate=False)

# %% [markdown]
# ## Question 1 · Read the file
#
# Read the file at `path` into a frame `customers` with its seven columns under the names that the
# file gives them. Keep **all of them as text**: a phone or a postcode is not a number to compute
# with.

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
# ## Question 2 · Keys that see through the formats
#
# The same person can appear with other capital letters, another way to write the phone, another
# way to write the birth date. There are three ways to write a date: `1984-03-07`, `07.03.1984`
# (day first) and `03/07/1984` (month first); all three mean 7 March.
#
# Make a frame `keyed`: `customers` with its seven columns **unchanged** and three new ones:
#
# - `key_email`: the e-mail in lower case
# - `key_phone`: ten digits and nothing else (a leading `+1` is the country, not the number)
# - `key_born`: the birth date as a real date
#
# One trap: Spark is strict here, so `to_date` ends the job at the first text that does not fit
# its pattern.

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
# Two rows are the same person when e-mail, phone **and** birth date agree. A name proves nothing:
# some people share their name and even their birth date. Two keys are not enough either: couples
# share mailbox and landline, twins share their birth date and one of these.
#
# Make a frame `people` with **one row per person**, with only the **seven columns of the file**,
# and with each row **written exactly as in the file** (it does not matter which of a person's
# rows you keep). Let Spark do it; do not bring the rows into Python.

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
# Each task that writes makes a file of its own, so the number of partitions is the number of files.
# The program that fetches the list tomorrow expects **exactly eight**.
#
# Write `people` as Parquet into a folder inside `work`, in exactly eight part files, and keep the
# folder's path in `people_path`. The cell should also succeed when it runs a second time.
#
# **Predict** first: how many files would a plain write make, after `dropDuplicates` and with AQE?

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
# ## Part 2 · A join that waits for one task
#
# The orders of a chain are to be joined with its stores. On a cluster, one task of this join
# runs long after all others have ended. Three settings make the small tables of this lab behave
# like large ones: no automatic broadcast, eight shuffle partitions, and AQE leaves their number
# alone. (It would also split a far too large partition, but only from tens of megabytes on.)

# %%
spark.conf.set("spark.sql.autoBroadcastJoinThreshold", -1)
spark.conf.set("spark.sql.shuffle.partitions", 8)
spark.conf.set("spark.sql.adaptive.coalescePartitions.enabled", False)

# %%
orders, stores = load("orders"), load("stores")
orders.show(3)
stores.show(3)

# %% [markdown]
# ## Question 5 · Find the hot key
#
# A shuffle sends rows with the same key to the same partition. Show where that hurts:
#
# - `hot_store`: the `store_id` with the most orders
# - `hot_share`: its share of all orders, between 0 and 1
# - `partition_rows`: a list with the number of orders in each of the eight partitions that
#   `orders.repartition(8, "store_id")` makes, in any order

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
# ## Question 6 · Mend the join
#
# Make a frame `joined` with the same rows as `orders.join(stores, "store_id")` and the same six
# columns, but such that **no shuffle sends more than half of the orders to one partition**. Two
# ways:
#
# - **broadcast:** send the small table to every task, so that the large one needs no shuffle
# - **salt:** add a small number to the key, different for the rows of one store, so that they
#   spread; each store must then exist once for every such number

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

# %%
lab.summary()

# %% [markdown]
# The quiz asks in the way of the exam. Decide first, then open the answers.

# %%
ask_quiz("01")
