# %% [markdown]
# # 02 · Delta review
#
# Mia looks after a table of all places to rent in her city. A dashboard and a price model read it.
# Every night a job raises or lowers the prices and writes the table anew. Last night the disk was
# full when the job came to the last row.
#
# Let us do the same with a folder of Parquet files, the format that Spark writes by default:

# %%
from pathlib import Path

from pyspark.sql import functions as F

from course_utils import get_spark, helpers, load, make_work_dir

spark, draw = get_spark("02_delta_review"), helpers("02")
work = Path(make_work_dir("02_delta_review"))
listings = load("listings").coalesce(1).limit(10_000)
listings = listings.withColumn("id", F.monotonically_increasing_id()).select(
    "id", "room_type", "latitude", "longitude", "price", "instant_bookable")
known = listings.filter("id % 50 <> 0").drop("instant_bookable").cache()

# %% [markdown]
# `make_work_dir` gives this notebook a folder of its own. The listings have no key, so each gets a
# number, `id`. We keep every fiftieth listing back, as "new next week". The others are Mia's table.
#
# In her job, `raise_error` plays the full disk: it stops the job at the row with the largest `id`.
# `maxRecordsPerFile` lets the job begin a new file after every thousand rows, so by then it has
# written several.

# %% tags=["nbval-check-output"]
last = known.agg(F.max("id")).first()[0]
crash = F.when(F.col("id") == last, F.raise_error(F.lit("disk full")))
job = known.withColumn("price", crash.otherwise(F.col("price") * 1.1)).write
job = job.mode("overwrite").option("maxRecordsPerFile", 1000)

plain = work / "plain"
known.write.parquet(str(plain))
print(draw.attempt(job.parquet, str(plain)))
print("Parquet files left:", len(list(plain.glob("*.parquet"))))

# %% [markdown]
# `draw.attempt` runs an action and gives back "done", or else the kind of the error and its
# reason, cut out of a page of text. (`helpers("02")` loads what this lesson uses and does not
# teach, such as the pictures.)
#
# The job has failed, as we wanted. But look at the last line: 0 files. Not only the new prices are
# lost, the old ones are gone, too. To overwrite, Spark deletes the old files first and writes the
# new ones afterwards, and in between there is no table. When the job failed, Spark also threw away
# the new files that were finished.
#
# **The question of this notebook:** what does a Delta table do that a folder of files cannot, and
# what does that cost?
#
# - **Time:** 30 minutes; the lab takes 30 more
# - **Before you start:** data frames as in lesson 01
# - **Data:** `listings`, places to rent with their position and their price per night
#
# ## A folder and its log
#
# A Delta table is a folder, too. Its data are Parquet files, and beside them lies a *log* that says
# which of the files belong to the table:
#
# ```mermaid
# flowchart LR
#     reader(["reader"]) --> c1
#     subgraph log["_delta_log"]
#         c0["commit 0<br/>add A, add B"] --> c1["commit 1<br/>remove B, add C"]
#     end
#     subgraph files["Parquet files in the folder"]
#         A["A"]
#         C["C"]
#         B["B: was in version 0"]
#         D["D: of a job that failed"]
#     end
#     c0 -->|"still valid"| A
#     c1 --> C
# ```
#
# A reader reads the log first, and then only the files that it names. Here these are A and C. File
# B is still on the disk, but it left the table with commit 1. File D was never named.
#
# We write Mia's listings as a Delta table in 24 files, as 24 hourly loads would leave it:

# %%
table = work / "listings"
write = known.repartition(24).write.format("delta")
write = write.option("delta.enableChangeDataFeed", "true")
write.option("userMetadata", "first load").save(str(table))

# %% [markdown]
# `format("delta")` is all it takes. The two options are for later: a record of changes, and a note
# on why this was written. `repartition(24)` makes the 24 files. What is in the folder?

# %% tags=["nbval-check-output"]
files = list(table.glob("*.parquet"))
print(len(files), "Parquet files")
print(len(list(table.glob("_delta_log/*.json"))), "commit")

# %% [markdown]
# That one commit is a small text file with one *action* per line, in JSON. Its name is the number
# of the version, filled up with zeros to 20 digits. `actions` reads it:

# %% tags=["nbval-check-output"]
import json


def actions(version):
    commit = table / "_delta_log" / f"{version:020}.json"
    lines = commit.read_text().splitlines()
    return [item for line in lines for item in json.loads(line).items()]

for kind, content in actions(0)[:4]:
    print(f"{kind:10}", ", ".join(content)[:66])

# %% [markdown]
# `commitInfo` says what was done, and when. `metaData` holds the schema. `protocol` says what a
# program must know of Delta to read the table, and what to write to it. Then comes an `add` for
# each of the 24 files, of which you see the first. Let us look at the last one. Its `stats` are
# JSON once more, inside the JSON:

# %% tags=["nbval-check-output"]
stats = json.loads(actions(0)[-1][1]["stats"])
low, high = stats["minValues"], stats["maxValues"]
print(stats["numRecords"], "rows")
print(f"prices from ${low['price']:.0f} to ${high['price']:.0f}")

# %% [markdown]
# So without opening the file, we know how many rows it has, and that there is no price above the
# larger of the two. The log has that for each file: the number of rows, and the smallest and
# largest value of each column (unless you change that, of the first 32 columns). We will use them
# soon.
#
# ## A write that fails
#
# Now the same job, with the same full disk, on the Delta table. `read` reads the table, and `size`
# counts its rows and adds up the prices.

# %%
def read(**options):
    return spark.read.format("delta").options(**options).load(str(table))

def size(rows):
    return rows.agg(F.count("*"), F.round(F.sum("price"), 2)).first()

# %% [markdown]
# **Predict:** the job fails again. Will readers see the old table, a part of the new one, or
# nothing?

# %% tags=["nbval-check-output"]
print(draw.attempt(job.format("delta").save, str(table)))
print("table as before:", size(read()) == size(known))
commits = len(list(table.glob("_delta_log/*.json")))
named = [kind for kind, _ in actions(0)].count("add")
there = len(list(table.glob("*.parquet")))
print(f"{commits} commit names {named} files, {there} are in the folder")

# %% [markdown]
# The old table, to the cent. Delta writes new files beside the old ones, and at the very end it
# writes one more commit that names them. The job never came to that. What it had written by then is
# still in the folder, and makes the difference between the last two numbers. Here are all files of
# the folder:

# %%
draw.folder(table)

# %% [markdown]
# No commit names the hatched files, so no reader looks at them. They are *orphans*, like D in the
# drawing above, and take up the space that stands below the picture. The job began a new file after
# every thousand rows, which is why they are larger than the others. In the last one it failed.
#
# This is the first letter of *ACID*, the four promises of a database. Delta gives them for each
# table by itself, since each has its own log:
#
# - **Atomic**: a commit happens as a whole or not at all.
# - **Consistent**: what breaks the rules of the table is refused.
# - **Isolated**: writers who work at the same time do not spoil each other's work.
# - **Durable**: what is committed stays, as files on a disk do.
#
# You will see the second and the third below.
#
# ## Four ways to write
#
# Mia's job said `mode("overwrite")`. The mode decides what happens if the table exists already, and
# there are four of them.
#
# **Predict:** we write the same 100 rows once, and then once more with each mode. How many rows
# does the table have each time?

# %%
few, scratch = known.limit(100), str(work / "scratch")
few.write.format("delta").save(scratch)

# %% tags=["nbval-check-output"]
for mode in ("error", "ignore", "append", "overwrite"):
    result = draw.attempt(few.write.format("delta").mode(mode).save, scratch)
    rows = spark.read.format("delta").load(scratch).count()
    print(f"{mode:10} {rows} rows  {result}")

# %% [markdown]
# - `error` (also called `errorifexists`) refuses. You get it if you do not name a mode.
# - `ignore` does nothing, and does not tell you.
# - `append` adds the rows, all of them, even if the table has them already: 200 rows.
# - `overwrite` replaces what was there: 100 rows again.
#
# So what? A job that may run twice by mistake should not append. And a job that overwrites has to
# bring all rows, not just those of today.
#
# ## Fewer files, and in order
#
# Somebody zooms in on Mia's dashboard, and it asks for the listings in a small rectangle of the
# map. We take one to the northeast of the center. Of all listings, 80 % lie to the south of its
# southern edge and 95 % to the south of its northern one; west and east are found in the same way.
# `approxQuantile` computes these limits, and the 0 at its end asks for the exact ones.

# %%
where = ["latitude", "longitude"]
(south, north), (west, east) = known.approxQuantile(where, [0.8, 0.95], 0)
corner = (F.col("latitude").between(south, north)
          & F.col("longitude").between(west, east))

# %% [markdown]
# `inputFiles` tells which files Spark would open for a query. With it, `opened` says what the query
# finds, and in how many files and rows it has to look for that:

# %% tags=["nbval-check-output"]
def opened(**options):
    everything = read(**options)
    found = everything.filter(corner)
    files, there = found.inputFiles(), everything.inputFiles()
    rows = spark.read.parquet(*files).count()
    return (f"{found.count()} listings, in {len(files)} of "
            f"{len(there)} files with {rows:,} rows")

print(opened())

# %% [markdown]
# All 24 files have to be opened, for a few listings. Each load came from all over the city. So in
# each file the smallest latitude lies to the south of our rectangle and the largest to the north of
# it. With the longitudes it is the same, and the log cannot rule out any file.
#
# `OPTIMIZE` writes small files together into larger ones. With `ZORDER BY` it also puts rows that
# are near each other, here on the map, into the same file. (A file would usually grow to 1 GB.
# This small table would become a single file, so we set a smaller target.)

# %%
from delta import DeltaTable

spark.conf.set("spark.databricks.delta.optimize.maxFileSize", 16 * 1024)
target = DeltaTable.forPath(spark, str(table))
done = target.optimize().executeZOrderBy(*where)

# %% [markdown]
# `DeltaTable` is the handle for everything that is more than reading and writing. In SQL the same
# command is `OPTIMIZE … ZORDER BY (latitude, longitude)`.
#
# **Predict:** into how many files have the 24 been put together, and how many of these must be
# opened now?

# %%
print(opened())

# %% [markdown]
# The query finds the same listings in fewer files. Two things have happened. There are fewer files
# at all, because small ones were put together. And before, every file had to be opened; now it is
# only a part of them, because of the order. This second gain is called *data skipping*. (Spark
# looks at a sample of the rows to decide where a file ends, so your run may open one file more or
# less.) Each box below is the area that one file covers, straight from the log:

# %%
layouts = {"As loaded": actions(0), "After ZORDER BY": actions(1)}
draw.boxes(layouts, (south, north, west, east))

# %% [markdown]
# A file whose box touches the query must be opened; the others are skipped. On the left each box
# covers nearly the whole city. On the right each covers a part of it. The boxes still overlap,
# since a single order of the rows cannot follow two columns perfectly.
#
# This has two limits. It helps queries that filter by those columns, and hardly any others. And
# rows that come later are not sorted in until somebody runs `OPTIMIZE` again. In open-source Delta,
# this also holds for the newer way, `CLUSTER BY` (*liquid clustering*): there the columns are
# declared once with the table, but it is still `OPTIMIZE` that does the work.
#
# **Exercise 1.** How many files does a query for `room_type = 'Private room'` open? Why?
#
# <details><summary>Answer</summary>
#
# `len(read().filter("room_type = 'Private room'").inputFiles())` gives all of them. The files are
# sorted by place, and there are all kinds of rooms everywhere. In the alphabet, "Private room" lies
# between the smallest and the largest room type of each file, so each may hold some.
# </details>
#
# ## Back in time
#
# One afternoon Dan needs a report on entire homes. He writes it, and hits the wrong folder:

# %%
homes = read().filter("room_type = 'Entire home/apt'")
oops = homes.write.format("delta").mode("overwrite")
oops.option("userMetadata", "Dan: report on homes").save(str(table))

# %% [markdown]
# This job did not fail. It has committed, and now everything but the entire homes is gone. But the
# commit took the old files out of the current *version*, not off the disk. So every older version
# can still be read, by its number or by a time. For the time we ask the history when version 1 was
# committed:

# %% tags=["nbval-check-output"]
first = target.history().filter("version = 1")
moment = first.select(F.col("timestamp").cast("string")).first()[0]
print("now       ", size(read())[0], "rows")
print("version 1 ", size(read(versionAsOf=1))[0], "rows")
print("at a time ", size(read(timestampAsOf=moment))[0], "rows")

# %% [markdown]
# Both ways lead back to all rows. `versionAsOf` and `timestampAsOf` are options of the reader; a
# time between two commits gives you the earlier one. `history()` has one row for each version. In
# SQL you write `SELECT … FROM t VERSION AS OF 1`.
#
# To go back for good, we make version 1 the current one again.
#
# **Predict:** does that delete the commit of the accident?

# %% tags=["nbval-check-output"]
target.restoreToVersion(1)
versions = target.history().select("version", "operation")
versions.orderBy("version").show()
print(size(read())[0], "rows")

# %% [markdown]
# No. `restoreToVersion` adds a commit, number 3, and all rows are back. The accident stays on
# record as version 2.
#
# **Exercise 2.** Count the rows of version 0. Why is the result the same as for version 1, and what
# is the difference between the two?
#
# <details><summary>Answer</summary>
#
# `read(versionAsOf=0).count()` gives the same number. `OPTIMIZE` moves rows into other files and
# changes none of them. Version 0 has the 24 small files, version 1 the sorted ones.
# </details>
#
# ## A schema that holds, and one that grows
#
# Next week's listings come with one more column, `instant_bookable`. In another file the prices are
# text. Both are appended.
#
# **Predict:** which of the two will the table accept?

# %%
coming = listings.filter("id % 50 = 0")
as_text = F.format_string("$%.2f", "price")
in_text = coming.drop("instant_bookable").withColumn("price", as_text)

# %% tags=["nbval-check-output"]
from pyspark.errors import AnalysisException

for name, rows in {"new column": coming, "text": in_text}.items():
    try:
        rows.write.format("delta").mode("append").save(str(table))
    except AnalysisException as error:
        print(f"{name:11} {error.getCondition()}")

# %% [markdown]
# Neither. Spark raises an `AnalysisException`, before it writes anything, and `getCondition()` is
# the short name of the reason. This is *schema enforcement*, a part of the C of ACID: a writer's
# mistake stops the writer, and not everybody who reads the table. It looks at the names and types
# of columns only. A price of −5 has the right type and would get in; lesson 04 sets rules for
# values.
#
# But a new column may be what you want. Then say so, with the option `mergeSchema`. This is *schema
# evolution*:

# %% tags=["nbval-check-output"]
append = coming.write.format("delta").mode("append")
append.option("mergeSchema", "true").save(str(table))
kinds = read().groupBy("instant_bookable").count()
kinds.orderBy("instant_bookable").show()

# %% [markdown]
# The table has the column now. The rows that were there before have NULL in it, since nobody knows
# what they would have had. No old file was written again for that, as a picture below will show.
# `mergeSchema` adds columns; it does not make a column of numbers one of text. The file with the
# texts has to be cleaned first, as you will do in the lab.
#
# ## MERGE: update and insert in one commit
#
# A file from the hosts brings higher prices for known listings, and some new listings. One host has
# sent two corrections, at 8:00 and again at 9:30:

# %% tags=["nbval-check-output"]
price, early = F.col("price"), F.lit("08:00")
higher = listings.filter("id % 50 = 1").withColumn("price", price + 10)
again = listings.filter("id = 1").withColumn("price", price + 15)
new = listings.filter("id % 1000 = 0").withColumn("id", F.col("id") + 10**6)
changes = higher.union(new).withColumn("sent", early)
changes = changes.union(again.withColumn("sent", F.lit("09:30")))
changes.filter("id = 1").select("id", "price", "sent").show()

# %% [markdown]
# `MERGE` compares the file with the table by a key. If the table has the `id`, it updates the price
# where it differs. If not, it inserts the row. (We make `target` anew, as the table has another
# schema now.)

# %% tags=["nbval-check-output"]
target = DeltaTable.forPath(spark, str(table))

def merge(source):
    both = target.alias("t").merge(source.alias("s"), "t.id = s.id")
    both = both.whenMatchedUpdate("t.price <> s.price", {"price": "s.price"})
    return both.whenNotMatchedInsertAll().execute()

print(draw.attempt(merge, changes))

# %% [markdown]
# Refused: two rows of the file want to change the same row of the table, and Delta will not choose
# between them. We have to, and we want the latest. A *window* puts the rows of each `id` in order,
# and `row_number` counts them:

# %% tags=["nbval-check-output"]
from pyspark.sql import Window

latest_first = Window.partitionBy("id").orderBy(F.desc("sent"))
numbered = changes.withColumn("place", F.row_number().over(latest_first))
latest = numbered.filter("place = 1").drop("place", "sent")
merge(latest).show()

# %% [markdown]
# `partitionBy` makes the groups, `orderBy` the order in each group, and `place = 1` keeps the first
# row, the one that was sent last. The merge has updated some rows and inserted others, all in one
# commit.
#
# But files cannot be edited. What has become of the order that we paid for? The dashboard asks for
# its rectangle again: of version 1, right after `OPTIMIZE`; of 4, with the listings of next week;
# and of 5, the merge.
#
# **Predict:** how much does it have to open at 4, and how much at 5?

# %%
for version in (1, 4, 5):
    print(f"version {version}:", opened(versionAsOf=version))

# %% [markdown]
# With version 4, one file more has to be opened. It has the listings of next week, which are from
# all over the city, so its box covers the rectangle, too. With version 5 there are few files, but
# all of them have to be opened, with every row of the table. A merge writes each file anew in which
# it finds one of its `id`s, and it does not sort: the order of `ZORDER BY` is gone, and data
# skipping with it. So run `OPTIMIZE` again when a merge has touched many files.
#
# Now the scheduler starts the job twice by mistake. Here is the same merge in SQL.
#
# **Predict:** how many rows will it change?

# %% tags=["nbval-check-output"]
latest.createOrReplaceTempView("latest")
spark.sql(f"""
    MERGE INTO delta.`{table}` AS t USING latest AS s ON t.id = s.id
    WHEN MATCHED AND t.price <> s.price THEN UPDATE SET price = s.price
    WHEN NOT MATCHED THEN INSERT *
""").show()

# %% [markdown]
# 0 rows. Every `id` is known by now, and every price is what the file says. So this job can be
# repeated without harm, and a job that appends would have doubled its rows. It works because the
# file holds new *prices*. If it held changes ("$10 more") and the merge added them to what is
# there, the second run would raise the prices again. And a file that runs again next week may undo
# what newer files have brought.
#
# ## What changed, and who did it?
#
# The option `enableChangeDataFeed`, set at the first write, makes the table keep a *change data
# feed*: what each commit did to each row. We read it from version 5 on, the first merge.

# %% tags=["nbval-check-output"]
feed = read(readChangeFeed="true", startingVersion=5)
kinds = feed.groupBy("_commit_version", "_change_type").count()
kinds.orderBy("_change_type").show()

# %% [markdown]
# And here is what happened to listing 1:

# %% tags=["nbval-check-output"]
one = feed.filter("id = 1").select("_change_type", "price")
one.orderBy(F.desc("_change_type")).show()

# %% [markdown]
# An update makes two rows: `update_preimage` is the row before, `update_postimage` the row after.
# So to count changed listings, leave one of the two out. Version 6, the second merge, is missing,
# because it changed nothing.
#
# The `history` is a coarser record, one row for each commit:

# %% tags=["nbval-check-output"]
wanted = ["version", "operation", "userMetadata",
          "operationMetrics.numOutputRows"]
history = target.history().select(*wanted).orderBy("version")
history.show(truncate=False)

# %% [markdown]
# Read it as a story: load, sort, accident, rescue, new column, two merges. There are more columns,
# such as `timestamp`, and `operationParameters` with the mode of a write. The notes in
# `userMetadata` are ours; they tell us that version 2 was Dan. Open-source Delta does not know who
# ran a job, so write such notes.
#
# Beware of `numOutputRows`. (It is NULL where an operation has no such count.) It counts rows
# *written*, and the merges wrote thousands of rows, though they changed few or none. A Parquet file
# cannot be edited. To change one row, Delta writes its whole file again, with all the rows that
# have not changed. Our merge even writes each file again in which it *finds* one of its `id`s,
# whether the price differs or not. That is what the second one did.
#
# A table can avoid much of this with *deletion vectors*: a small file beside a data file that says
# "row 17 is no longer valid". The changed row goes into a new file, and nothing else is copied. It
# is not free: each reader has to leave out the rows that are no longer valid, and a program that
# does not know deletion vectors cannot read the table.
#
# **Exercise 3.** Try it. Write `read()` to another folder with the option
# `delta.enableDeletionVectors` set to `"true"`, update the price of one listing there, and look at
# `operationMetrics` in the history.
#
# <details><summary>Answer</summary>
#
# ```python
# copy = str(work / "with_vectors")
# write = read().coalesce(1).write.format("delta")
# write.option("delta.enableDeletionVectors", "true").save(copy)
# other = DeltaTable.forPath(spark, copy)
# other.update("id = 1", {"price": F.lit(99.0)})
# print(other.history(1).first()["operationMetrics"])
# ```
#
# `numCopiedRows` is 0 and `numDeletionVectorsAdded` is 1. Without the option, the update copies
# every other row of the file.
# </details>
#
# ## Two writers at once
#
# Mia raises the price of listing 1 by 10 percent. At the same moment Ben adds one dollar to it.
# Delta takes no locks. Each writer reads the current version and prepares new files. Before the
# commit, Delta checks if another commit has come in between, and if it has touched what this writer
# has read.
#
# To see this, Mia must still be at work when Ben commits. `draw.slow_raise` makes a function for
# her update that waits for that moment, and `draw.at_once` starts both.

# %%
slow_raise = draw.slow_raise(work)

def mia():
    target.update("id = 1", {"price": slow_raise("price")})

def ben():
    target.update("id = 1", {"price": F.col("price") + 1})

# %% [markdown]
# `update` takes a condition, and for each column its new value. In SQL: `UPDATE … SET price =
# price + 1 WHERE id = 1`.
#
# **Predict:** Mia comes second. Does she win, does she wait, or does she fail?

# %% tags=["nbval-check-output"]
result = draw.at_once(work, lambda: draw.attempt(mia), ben)
print("Mia:", result.split(":")[0])
middle = read().filter("id = 1").first()["price"]
print(f"Listing 1 costs ${middle:.2f} now")

# %% [markdown]
# She fails. She worked with a price that was no longer true, so her commit would have undone Ben's
# change. His dollar is safe: this is the I of ACID. The name of the error is
# `ConcurrentAppendException`, though nobody has appended anything. Ben's update wrote the file of
# listing 1 anew, so his commit *added* a file to the table that Mia had read.
#
# So here a conflict is a matter of files, not of rows. Had Ben changed another listing, Mia would
# have failed, too: Delta does not look which rows are in the new file. There are two ways out:
#
# - A table can be cut into *partitions*, with a folder for each value of a column (`partitionBy` of
#   the writer). Two writers do not meet if each names another partition in its condition.
# - Two plain appends do not conflict, as neither has read anything, unless one of them changes the
#   schema.
#
# If it has happened, the remedy is to try again, on the new version:

# %% tags=["nbval-check-output"]
print("Mia again:", draw.attempt(mia))
end = read().filter("id = 1").first()["price"]
print(f"Listing 1 costs ${end:.2f} now")

# %% [markdown]
# Now both changes are in: first Ben's dollar, then Mia's 10 percent. (The other way round, the
# price would be ten cents lower, as the 10 percent would not count for the dollar. Delta sees to it
# that there is *an* order. Which one it should be, it does not know.)
#
# So what? Wherever two jobs write to one table, the job must be able to start once more from the
# new version, and to compute everything again. Writing the old result a second time would lose
# Ben's dollar after all.
#
# ## What VACUUM takes away
#
# Mia's disk was full. Why do disks fill up under tables like hers, although the number of listings
# hardly changes? `detail` knows what the current version consists of, and `on_disk` looks at what
# is there:

# %%
def on_disk():
    found = list(table.glob("*.parquet"))
    size = sum(file.stat().st_size for file in found)
    return f"{len(found)} files, {size / 1000:,.0f} kB"

now = target.detail().first()
print(f"current version: {now['numFiles']} files,",
      f"{now['sizeInBytes'] / 1000:,.0f} kB")
print("on disk:        ", on_disk())

# %% [markdown]
# There is one reason: Delta writes new files and deletes none. Each sorting, overwrite, merge and
# update has left the files that it replaced, and the failed jobs have left theirs. Readers of today
# need none of these. `VACUUM` deletes them: files that the current version does not need, if they
# left the table more than seven days ago, and orphans that are older than that. A shorter time is
# refused:

# %% tags=["nbval-check-output"]
print(draw.attempt(target.vacuum, 0))
print(len(list(table.glob("*.parquet"))), "Parquet files")

# %% [markdown]
# There may be a reader who is still busy with an old version, or a writer who has not committed
# yet: its files look just like those of a failed job. Nobody else uses our table, so this once we
# switch the guard off.
#
# **Predict:** can version 1 still be read afterwards?

# %%
guard = "spark.databricks.delta.retentionDurationCheck.enabled"
spark.conf.set(guard, "false")
target.vacuum(0)
spark.conf.unset(guard)
print("on disk now:", on_disk())

# %% tags=["nbval-check-output"]
print(len(list(table.glob("*.parquet"))), "Parquet files")
print("now      ", size(read())[0], "rows")
print("version 1", draw.attempt(lambda: size(read(versionAsOf=1))))

# %% [markdown]
# The table is as it was, and version 1 is lost: its commit is still in the log, but its files are
# gone.
#
# **Predict:** the change data feed told us row by row what the commits had changed. What does it
# still answer?

# %% tags=["nbval-check-output"]
def tell(version):
    span = {"startingVersion": version, "endingVersion": version}
    rows = read(readChangeFeed="true", **span).agg(F.count("id"))
    print(version, "tells", rows.first()[0], "changes")

for version in range(9):
    if (said := draw.attempt(tell, version)) != "done":
        print(version, said)

# %% [markdown]
# Versions 1 and 6 changed no row, so there was nothing to lose. Version 4 can still tell what it
# added: for an append, the feed reads the data file itself, and this one is still in the table. All
# others fail. The merge of version 5 and the updates, 7 and 8, had put their changes into files of
# their own, in the folder `_change_data`, and `VACUUM` has deleted them, even those of the newest
# update. The changes of 0, 2 and 3 were in data files that are gone. So the feed is no archive: a
# job that needs the changes has to read them before `VACUUM` comes, with the usual limit within
# seven days.
#
# History tells you what happened; `VACUUM` decides how far you can *go* back. Here is the life of
# each file:

# %%
draw.lives(table)

# %% [markdown]
# Read down at any version: the lines that you cross are its files, 24 of them at version 0. A
# version can be read only if all of its files are still on disk.
#
# - From 0 to 1, sorting replaced every file.
# - 2 is the accident. With 3, the rescue, the *same* files came back: nothing was copied.
# - With 4 came the listings of next week, in a file of their own. No other line ends there, so the
#   new column was added without writing an old file again.
# - From 4 to 5, the merge wrote every sorted file anew, as each had one of its `id`s. 6 repeats it
#   all for nothing.
# - 7 is Ben's dollar and 8 are Mia's 10 percent: for one price, a whole file.
# - `VACUUM` itself makes two commits, for its start and its end.
#
# (Orphans have no line, as no commit names them. That is why there were more files in the folder
# before `VACUUM` than there are lines.)
#
# The log has a limit of its own. By default a commit may be deleted when it is 30 days old, and
# time travel ends there, too. So that a reader need not go through thousands of commits, Delta
# writes a *checkpoint* now and then: a Parquet file with all that is valid at one version. A reader
# begins with the latest checkpoint, and reads only the commits after it.

# %% tags=["nbval-check-output"]
log = table / "_delta_log"
print(len(list(log.glob("*.json"))), "commits")
for path in sorted(log.glob("*.checkpoint*.parquet")):
    print("checkpoint of version", int(path.name.split(".")[0]))

# %% [markdown]
# Version 10 has one, as each tenth version does by default. The restore, version 3, has made one,
# too.
#
# ## On Databricks
#
# > - Every table is a Delta table unless you say otherwise. You name it by catalog, schema and
# >   table, such as `main.city.listings`, instead of a path.
# > - New tables often have deletion vectors: a setting of the workspace decides. Then `UPDATE`,
# >   `DELETE` and `MERGE` do not copy whole files. And if such a table has no partitions, conflicts
# >   are judged by *rows*: two writers fail only if they change the same row.
# > - For new tables Databricks recommends liquid clustering (`CLUSTER BY`), and not partitions or
# >   `ZORDER BY`. A clustered table cannot be Z-ordered. Large writes to it are clustered at once,
# >   small ones wait for `OPTIMIZE`.
# > - *Predictive optimization* runs `OPTIMIZE`, `VACUUM` and `ANALYZE` by itself on managed tables
# >   of Unity Catalog. Count on seven days of time travel there, and not more.
# > - In the history, `userName`, `job` and `notebook` say who it was.
#
# ## What you know now
#
# - Only a commit counts. So a job that fails, and a writer who loses, leave the table whole.
# - The log names the files of each version. Old versions stay readable until `VACUUM`.
# - The mode of a write decides what happens to the rows that are there. A schema is kept unless
#   you say `mergeSchema`.
# - `MERGE` updates and inserts by key. If it sets values, it can be repeated. Feed and history tell
#   what was done.
# - `OPTIMIZE` lets queries skip files. Deletion vectors save copying them.
# - The price: old files take up the disk until `VACUUM`, a change of one row can copy a whole file,
#   and a writer must be ready to start again.
#
# A table of some thousand rows does not need this for its size. It needs it as soon as two people
# write to it, or when somebody asks later which rows a model was trained on.
#
# **Check yourself:** two days ago a bad job overwrote a table, and last night `VACUUM` ran with its
# usual limit, as it does every night. Can you still go back? Why is the answer different next week?
#
# <details><summary>Answer</summary>
#
# Yes. The old files left the table two days ago, and `VACUUM` deletes only what left it more than
# seven days ago, so all of them are on disk: read the version before the bad one, or restore it.
# In five days they reach the limit, and the next `VACUUM` deletes them. From then on the history
# still names the version, but nobody can read it.
# </details>
#
# **Exam:** Delta as the format of feature tables: writing and merging, time travel to the data that
# a model was trained on, schema enforcement and evolution.
#
# **Next:** the lab of this lesson, a bike share whose daily files go wrong in five ways.
