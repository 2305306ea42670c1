# %% [markdown]
# # 19 · pandas API on Spark
#
# Petra has a pandas notebook, and everybody in the office likes it. It says what a night costs per
# guest, for the places to rent in one city. On Monday the company buys a competitor, and the
# notebook is to run on the whole country, with a thousand times as many rows. They will not fit in
# the memory of her machine.
#
# "No problem," says a colleague. "You change one line. Instead of `import pandas as pd` you write
# `import pyspark.pandas as ps`, and the rest stays as it is." That sounds too good. If it is true,
# she is done in a minute. If not, she needs to know before Monday which cells will break, which
# ones will become slow, and, worst of all, which ones will run and give other numbers.
#
# **The question:** what do you get for that one line, and what does it cost?
#
# - **Time:** 50 minutes, and 25 more for the lab
# - **Before you start:** a data frame in pandas, a DataFrame in Spark (lesson 01)
# - **Data:** `listings`, places to rent in one city, one row each, and made-up rows for the race
#
# We begin with her notebook as it is, in plain pandas.

# %%
from course_utils import get_spark, helpers, load_split

spark = get_spark("19_pandas_api_on_spark")
draw = helpers("19")
train, test = load_split("listings")

# %%
rows = train.toPandas()
rows["each"] = rows["price"] / rows["accommodates"]
draw.first_look(rows)

# %% [markdown]
# `load_split` gives Spark's data frames of the course, and `helpers("19")` the functions that draw
# the pictures of this lesson. `toPandas()` copies all rows to this notebook's memory, which is
# safe for a few thousand. Then the notebook is pandas: a new column, `each`, is the price of a
# night divided by the number of guests, and a picture shows it for each type of room.
#
# In the picture, each box holds the middle half of the listings, and its line is the median. The
# sentence below it gives the medians in dollars. Her report is the table that belongs to it:

# %% tags=["nbval-check-output"]
report = rows.groupby("room_type")["each"].mean()
print(report.round(2).to_string())

# %% [markdown]
# ## One line changed
#
# Now the same on Spark. The library comes with PySpark. A frame of it is made from a file
# (`ps.read_parquet`, `ps.read_csv`), from a pandas frame, or, as here, from a Spark DataFrame with
# `pandas_api()`.

# %%
import pyspark.pandas as ps

psdf = train.pandas_api()
psdf["each"] = psdf["price"] / psdf["accommodates"]
on_spark = psdf.groupby("room_type")["each"].mean()

# %% [markdown]
# The last two lines are Petra's, letter by letter. `psdf` is the usual name for a
# *pandas-on-Spark DataFrame*, as `pdf` is for one of pandas and `sdf` for one of Spark. (The
# library was a project of its own once, *Koalas*, and came into Spark with version 3.2.)
#
# **Predict:** are the numbers the same? Are the rows in the same order?

# %%
import warnings

warnings.filterwarnings("ignore", module="pyspark")
print(on_spark.to_pandas().round(2).to_string())

# %% [markdown]
# `to_pandas()` runs the job and copies its result to pandas: three rows. Each time it warns that
# it "loads all data into the driver's memory". That is a good warning. The first two lines of the
# cell silence it, because we look at each of our calls ourselves.
#
# Compare the order of the room types with that of Petra's report. pandas sorts the groups, and the
# pandas API on Spark doesn't, since sorting rows on a hundred machines is expensive. If you need an
# order, ask for it:

# %% tags=["nbval-check-output"]
import numpy as np

ordered = on_spark.sort_index().to_pandas()
print("same groups, in order:", list(ordered.index) == list(report.index))
print("same numbers:", np.allclose(ordered, report))

# %% [markdown]
# So far the colleague is right. Now the clock.
#
# **Predict:** pandas works on one core, Spark on all of them. Which one is faster here, and by
# which factor?

# %%
from course_utils import measure

in_pandas = measure(lambda: rows.groupby("room_type")["each"].mean().max())
in_spark = measure(lambda: psdf.groupby("room_type")["each"].mean().max())
print(f"pandas {in_pandas}\npandas API on Spark {in_spark}")
print(f"Spark takes {in_spark.median / in_pandas.median:,.0f} times as long.")

# %% [markdown]
# Spark plans a job, sends tasks to its workers, reads the file anew and collects the result. For a
# few thousand rows that is nearly all of the time. You know this from lesson 01. At the end of this
# lesson three libraries race with up to ten million rows.
#
# (Why did we not simply time `on_spark.to_pandas()`? A pandas-on-Spark frame keeps the pandas frame
# that it has been turned into. From the second time on, nothing would have run.)
#
# ## What is inside
#
# A frame of pandas is a block of memory. What is `psdf`? Its attribute `_internal` tells. The
# underscore says that it is private: look at it, but don't build on it.

# %% tags=["nbval-check-output"]
inside = psdf._internal
print(type(inside).__name__, "around a", type(inside.spark_frame).__name__)
print("index columns:", inside.index_spark_column_names)
print("data columns:", inside.data_spark_column_names[:2], "…")

# %% [markdown]
# It holds a Spark DataFrame and a note for each of its columns: which ones are the *index*, which
# ones are *data*, and which pandas names and dtypes belong to them. That is the whole secret:
#
# ```mermaid
# flowchart LR
#     code["your code:<br/>psdf['each'].mean()"] --> api("pandas API<br/>on Spark")
#     subgraph frame["InternalFrame"]
#         sdf["Spark DataFrame<br/>(a plan, no rows)"]
#         notes["notes: index columns,<br/>data columns,<br/>names, dtypes"]
#     end
#     api <--> frame
#     sdf -->|plan| engine("Catalyst,<br/>executors")
#     engine -->|result| code
# ```
#
# In words: each call of yours becomes Spark's operations on the DataFrame inside, and new notes.
# Nothing runs until you ask for a result, as everywhere in Spark.
#
# A Spark DataFrame has no index, so one was added: the column `__index_level_0__`. There is another
# column that you never asked for:

# %% tags=["nbval-check-output"]
known = [*inside.index_spark_column_names, *inside.data_spark_column_names]
print("neither:", set(inside.spark_frame.columns) - set(known))

# %% [markdown]
# `__natural_order__` numbers the rows as they came, because pandas users expect an order. And what
# does `set_index` do? It changes a note, and moves no row:

# %% tags=["nbval-check-output"]
by_area = psdf.set_index("neighbourhood_cleansed")
print("index columns:", by_area._internal.index_spark_column_names)

# %% [markdown]
# `spark.explain` shows what Spark makes of a call. Our helper `draw.plan` prints the names of the
# operators only:

# %% tags=["nbval-check-output"]
draw.plan(on_spark.to_frame())

# %% [markdown]
# Read it from the bottom: read the file, drop rows without a room type (as pandas does), compute
# the new column, sum up each partition, exchange the sums, sum them up. It is the plan of a Spark
# `groupBy`. No Python runs in the executors. And the index is gone: nobody needed it, so Spark's
# optimizer left it out.
#
# **Exercise 1.** What does the plan of `psdf.sort_values("price")[["price"]]` look like? Use
# `draw.plan`. Which operator is the expensive one?
#
# <details><summary>Answer</summary>
#
# There is an `Exchange` below the `Sort`: to sort all rows, Spark has to send them to other tasks
# by ranges of the price. And below it, `AttachDistributedSequence` makes the index, which is part
# of this result. The next section is about that.
# </details>
#
# ## Three ways to number rows
#
# If you don't say what the index is, the library makes one, the *default index*. It knows three
# kinds. We look at them with eight rows in four partitions:

# %% tags=["nbval-check-output"]
KINDS = ["sequence", "distributed-sequence", "distributed"]
eight = spark.range(8, numPartitions=4)
for kind in KINDS:
    with ps.option_context("compute.default_index_type", kind):
        labels = eight.pandas_api().index.to_numpy()
    print(f"{kind:21}", *labels)

# %% [markdown]
# `option_context` sets an option for the lines inside of `with`, and sets it back at the end. What
# do the three do?
#
# - **sequence** sends all rows to a single task, which counts 0, 1, 2, … That is what pandas has,
#   and with many rows it is a disaster, because one worker has to hold them all.
# - **distributed-sequence** is the default. A first job counts the rows of each partition. Then
#   each partition knows where its numbers begin, and all of them count at the same time.
# - **distributed** asks nobody. Partition number $p$ begins at $p · 2^{33}$, so 8589934592 is the
#   first row of the second partition. The labels are unique, and there are holes between them.
#
# Does the second one really run one job more? `draw.jobs` counts the Spark jobs of a call. Here
# they look for the largest label, which needs all of them:

# %% tags=["nbval-check-output"]
for kind in KINDS:
    with ps.option_context("compute.default_index_type", kind):
        jobs = draw.jobs(spark, eight.pandas_api().index.max)
    print(f"{kind:21} {jobs} jobs")

# %% [markdown]
# It does. (The others need two: one for each partition's largest label, one for the largest of
# those.)
#
# **Predict:** with 400,000 rows, which one is slowest, and by which factor?

# %%
many = spark.range(400_000, numPartitions=4)
seconds = {}
for kind in KINDS:
    with ps.option_context("compute.default_index_type", kind):
        largest = many.pandas_api().index.max  # looks at every label
        seconds[kind] = measure(largest, repeats=3)
    print(f"{kind:21} {seconds[kind]}")

# %%
ranked = sorted(KINDS, key=lambda kind: seconds[kind].median)
factor = seconds[ranked[-1]].median / seconds[ranked[0]].median
print(f"{ranked[-1]} takes {factor:.1f} times as long as {ranked[0]}.")

# %% [markdown]
# Here all four partitions are on one machine, so sending every row to one task costs only time. On
# a cluster it costs the network, and above all memory: one executor gets the whole table.
#
# There is something more important than time. Which row gets which label depends on where it
# lies. We put the same eight rows into other partitions, by a hash of the number, and ask again:

# %%
moved = eight.repartition(3, "id").pandas_api()["id"].to_pandas()
print("label and row:", moved.to_dict())
print(f"{(moved.index == moved).sum()} of 8 rows kept their label")

# %% [markdown]
# A default index is a number of places, not of rows. When the plan changes, or a file is read with
# other partitions, the same row can get another label. Row order is no different: in pandas it
# belongs to the frame, in Spark it is what happens to come out. So `psdf.iloc[0]` and `psdf.head()`
# without a sort mean "some row" and "some rows".
#
# The way out: if your table has a key, make it the index, with `index_col=`. Then no numbers have
# to be made, and a label means the same row for ever. You will see it in a minute.
#
# ## Two frames
#
# pandas lets you add a column of one frame to a column of another. It matches the rows by their
# labels. So does the pandas API on Spark:

# %% tags=["nbval-check-output"]
left = eight.pandas_api()
right = eight.selectExpr("id * 10 AS ten").pandas_api()
total = left["id"] + right["ten"]
print("sums:", total.sort_index().to_numpy())

# %% [markdown]
# It looks like one short line. Two frames are two plans, though, and the rows of one may lie on
# another machine than those of the other. Here are the operators, first for two columns of the
# same frame, then for columns of two frames:

# %% tags=["nbval-check-output"]
same = eight.selectExpr("id", "id * 10 AS ten").pandas_api(index_col="id")
draw.plan((same["ten"] + same["ten"]).to_frame())
print()
draw.plan(total.to_frame())

# %% [markdown]
# The second plan has a join of all rows, with an exchange on both sides. That is why there is an
# option that forbids it, `compute.ops_on_diff_frames`. It was off by default before Spark 4.0, and
# older code relies on that. Switched off, the line fails at once:

# %% tags=["nbval-check-output"]
try:
    with ps.option_context("compute.ops_on_diff_frames", False):
        left["id"] + right["ten"]
except ValueError as error:
    print(str(error).split(".")[0])

# %% [markdown]
# The cost of the join is one thing. What can it do to the numbers? We give both frames a
# *distributed* index, and put the rows of the right one into two partitions instead of four.
#
# **Predict:** what comes out for the eight rows?

# %% tags=["nbval-check-output"]
with ps.option_context("compute.default_index_type", "distributed"):
    one = eight.pandas_api()
    other = eight.coalesce(2).selectExpr("id * 10 AS ten").pandas_api()
    total = (one["id"] + other["ten"]).to_pandas()
print(f"{len(total)} rows, {total.isna().sum()} of them without a value")

# %% [markdown]
# Labels that are on one side only make rows with `NaN`, and we got more rows than we had. That is
# ugly, but you can see it. Now the default kind, and a right side that has been sorted downwards
# before:

# %% tags=["nbval-check-output"]
tens = eight.selectExpr("id", "id * 10 AS ten").orderBy("id", ascending=False)
total = left["id"] + tens.pandas_api()["ten"]
print("sums:", total.sort_index().to_numpy())

# %% [markdown]
# It should be 0, 11, 22, …, 77. There are eight sums, no `NaN`, no error, and all of it is wrong:
# the first label of one frame met the first label of the other, which is another row. Now with
# the key as index, on both sides:

# %% tags=["nbval-check-output"]
keyed = eight.withColumn("n", eight["id"]).pandas_api(index_col="id")
total = keyed["n"] + tens.pandas_api(index_col="id")["ten"]
print("by key:", total.sort_index().to_numpy())

# %% [markdown]
# Each row has met its own, wherever the two lie, and whatever was sorted.
#
# So what? This is the one change that Petra must not forget. In pandas, two frames that were read
# from the same file have the same labels for the same rows. Here you can rely on that only if the
# index is a key.
#
# ## There and back
#
# Nobody has to choose one library for a whole notebook. These calls lead from one to another, and
# what they cost is very different:
#
# - `sdf.pandas_api(index_col=…)`: Spark → pandas-on-Spark
# - `psdf.to_spark(index_col=…)`: pandas-on-Spark → Spark
# - `psdf.to_pandas()`: pandas-on-Spark → pandas
# - `ps.from_pandas(pdf)`: pandas → pandas-on-Spark
#
# **Predict:** which two are almost free?

# %%
table = spark.range(200_000).selectExpr("id", "rand(1) AS value").cache()
table.count()  # fills the cache
large = table.pandas_api(index_col="id")
local = large.to_pandas()  # two numbers a row: 3 MB

# %%
ways = {"pandas_api": lambda: table.pandas_api(index_col="id"),
        "to_spark": lambda: large.to_spark(index_col="id"),
        "to_pandas": lambda: table.pandas_api(index_col="id").to_pandas(),
        "from_pandas": lambda: ps.from_pandas(local)}
for name, way in ways.items():
    ways[name] = measure(way, repeats=3)
    print(f"{name:12} {ways[name]}")

# %% [markdown]
# Each entry of `ways` makes one conversion; the loop puts its times in its place.

# %%
slowest = max(ways, key=lambda name: ways[name].median)
print(f"{slowest} takes longest: {ways[slowest].median:.2f} s "
      f"for {len(local):,} rows.")

# %% [markdown]
# The first two exchange notes and touch no row, so they take milliseconds, whatever the size of the
# table. The other two move every row between Spark and Python, and their time grows with the
# rows. Besides, all of them have to fit in the memory of one machine.
#
# One thing gets lost easily. A Spark DataFrame has no place for an index:

# %% tags=["nbval-check-output"]
print("to_spark():", large.to_spark().columns)
print("index_col:", large.to_spark(index_col="id").columns)

# %% [markdown]
# Without `index_col`, the key is gone. The library warns you about that, too. Because the way to
# Spark is free, you can do the pandas part in pandas style, and go on to `pyspark.ml` or to a
# `write` from there.
#
# ## Pictures
#
# Petra's notebook draws. `psdf["each"].plot.hist()` works as well, with a library that makes
# interactive pictures, *plotly*, unless you say otherwise. Is it here?

# %%
from importlib.util import find_spec

backend = "plotly" if find_spec("plotly") else "matplotlib"
print(ps.get_option("plotting.backend"), "is the default,", backend, "is here")
ps.set_option("plotting.backend", "matplotlib")

# %% [markdown]
# `set_option` holds until you set it again. Without plotly and without this line, a plot ends in an
# `ImportError`. With matplotlib we get axes, as from pandas:

# %%
from course_utils import show

ax = psdf["each"].plot.hist(bins=40)
ax.set(xlabel="dollars a night for each guest", ylabel="listings", title="")
show(ax, alt="Histogram of dollars a night for each guest: one hill on the "
     "left and a long tail to the right", caption=draw.tallest(ax))

# %% [markdown]
# What has traveled to the notebook here? Not the rows. Spark has counted them into 40 bins, and
# sent 40 numbers. A histogram and a box plot are made in this way, from all rows.
#
# Other plots need the rows themselves, and a billion dots are no picture. So they draw some rows
# only, about `plotting.max_rows`, which is 1,000. Which ones? Line and area plots take a random
# sample. Bar, pie and scatter plots, as drawn by matplotlib, take the *first* ones:

# %%
by_size = psdf.sort_values("accommodates")
ax = by_size.plot.scatter(x="accommodates", y="each")
drawn = ax.collections[0].get_offsets()
ax.set(xlabel="guests", ylabel="dollars a night for each guest",
       xlim=(0, rows["accommodates"].max() + 1))
show(ax, alt="Scatter plot of dollars a night for each guest over guests: only "
     "the smallest places are there", caption=draw.scatter_says(rows, drawn))

# %% tags=["nbval-check-output"]
print(f"{len(drawn):,} of {len(rows):,} listings are drawn")

# %% [markdown]
# The frame was sorted by the number of guests, and so the picture shows the smallest places. Only
# the small print at the top says so. With a file that is sorted by date, you would see the first
# days. For a fair picture, draw a sample: `psdf.sample(frac=0.1).plot.scatter(…)`.
#
# ## SQL
#
# Some questions are shorter in SQL. `ps.sql` runs it on any frame that you pass, by the name in
# braces. Here is the report once more, with a count:

# %% tags=["nbval-check-output"]
query = """SELECT room_type, count(*) AS listings, round(avg(each), 2) AS each
           FROM {homes} GROUP BY room_type ORDER BY room_type"""
print(ps.sql(query, homes=psdf).to_pandas().to_string())

# %% [markdown]
# The result is a pandas-on-Spark frame again. SQL knows no index, so it comes back with a default
# one: 0, 1, 2 in the table. With `index_col`, a column becomes the index, and `.loc` finds a row by
# its label:

# %% tags=["nbval-check-output"]
indexed = ps.sql(query, homes=psdf, index_col="room_type")
print(f"{indexed.loc['Private room', 'each']} dollars for a private room")

# %% [markdown]
# So it is the mean of the private rooms in Petra's report, found by its name.
#
# ## The options
#
# You have met three options: the default index, the operations on two frames, and the plotting
# backend. These are the ones worth knowing, with the values that you start with:

# %% tags=["nbval-check-output"]
ps.reset_option("plotting.backend")
for key in ["display.max_rows", "compute.max_rows", "compute.shortcut_limit",
            "compute.default_index_type", "compute.ops_on_diff_frames",
            "compute.ansi_mode_support", "plotting.backend",
            "plotting.max_rows"]:
    print(f"{key:28} {ps.get_option(key)}")

# %% [markdown]
# - `display.max_rows`: how many rows are shown when you print a frame. It fetches no more than
#   that.
# - `compute.max_rows`: some operations make sense for small frames only, such as turning rows into
#   columns. They refuse to work on more rows than this.
# - `compute.shortcut_limit`: a frame with fewer rows than this is handed to pandas in some calls,
#   and the schema of a function's result is guessed from so many rows. We come back to that.
# - `compute.ansi_mode_support`: what to do about errors in computations, see below.
#
# The first two at work:

# %% tags=["nbval-check-output"]
with ps.option_context("display.max_rows", 2):
    print(psdf[["bedrooms", "beds"]].sort_values(["bedrooms", "beds"]))

# %% tags=["nbval-check-output"]
try:
    psdf[["price"]].T
except ValueError as error:
    print(str(error).split(".")[0])

# %% [markdown]
# `.T` of a frame of many rows would make a column of each row. pandas would do it without a word;
# here you have to say that you mean it, by a larger `compute.max_rows`.
#
# ## What is missing
#
# "The rest stays as it is," said the colleague. How much of pandas is there? We don't have to trust
# a table in the documentation, which may be of another version. We count, from the two
# libraries that are installed: each public name of a class of pandas is there or not, and each
# function that is in both has the same parameters or not.

# %%
import pandas as pd


def survey(ours, theirs):
    """What a class of pandas has, and how much of it `theirs` has as well."""
    names = [name for name in dir(ours) if not name.startswith("_")]
    there = [name for name in names if name in dir(theirs)]
    fewer = [name for name in there if callable(getattr(ours, name))
             and draw.lost(getattr(ours, name), getattr(theirs, name))]
    return {"pandas": len(names), "missing": sorted(set(names) - set(there)),
            "fewer": fewer, "same": len(there) - len(fewer)}


# %% [markdown]
# `dir` lists the names of a class. `draw.lost` asks `inspect.signature` for the
# parameters of two functions, and lists those that only the first one has. The same question for
# five classes, and for the functions of `pd` itself, such as `pd.concat`:

# %% tags=["nbval-check-output"]
pairs = draw.pairs(pd, ps)
found = {name: survey(*pair) for name, pair in pairs.items()}
for name, each in found.items():
    print(f"{name:16} {each['pandas']:3} names, {len(each['missing'])} missing,"
          f" {len(each['fewer'])} with fewer parameters")

# %%
draw.coverage(found)

# %% [markdown]
# So the colleague is right for most names, and wrong for a good part of what they can do. Which
# ones are missing?

# %% tags=["nbval-check-output"]
for name in ("DataFrame", "functions of pd"):
    print(f"{name}:", *found[name]["missing"][:12], "…")
print("parameters that groupby lacks:",
      *draw.lost(pd.DataFrame.groupby, ps.DataFrame.groupby))

# %% [markdown]
# Among the functions you see `cut` and `crosstab`, which many notebooks of analysts are full of.
# And `groupby` without `sort` is why the order of our first table was another one.
#
# A missing method says so when you call it. Other things fail because they need all rows at once:

# %% tags=["nbval-check-output"]
from pyspark.pandas.exceptions import PandasNotImplementedError

tries = {"psdf.compare(psdf)": lambda: psdf.compare(psdf),
         "for x in psdf.price": lambda: list(psdf["price"]),
         "np.where(…)": lambda: np.where(psdf["price"] > 100, "high", "low")}
for code, attempt in tries.items():
    try:
        attempt()
    except PandasNotImplementedError as error:
        print(f"{code:20} {str(error).split('. ')[0]}")

# %% [markdown]
# `np.where` is worth a second look. NumPy wants the values one by one, and is refused. Write
# `psdf["price"].where(…)`, `mask`, or `map` with a dict instead; they are expressions that Spark
# understands.
#
# ### What is there and gives another number
#
# These are the dangerous ones. **Predict:** the median of 1, 2, 3 and 10?

# %% tags=["nbval-check-output"]
numbers = [1, 2, 3, 10]
print("pandas:", pd.Series(numbers).median())
print("pandas API on Spark:", ps.Series(numbers).median())

# %% [markdown]
# pandas takes the middle between 2 and 3. An exact median of many rows would have to sort them all,
# so Spark gives an approximate percentile, and that is always one of the values. For thousands of
# prices nobody will notice. For a column of zeros and ones it may be the difference between 0 and
# 0.5.
#
# ### Two rules for what cannot be computed
#
# What is 1 divided by 0? pandas says infinity. SQL by the ANSI standard says: error. Since version
# 4.0, Spark follows the standard, and at first the pandas API refused to run under it. Now it
# supports that mode (this is the option `compute.ansi_mode_support`). We try three cases with ANSI
# mode on and off, and ask pandas:

# %%
CASES = {"1 / 0": lambda lib: lib.Series([1]) / 0,
         "'x' as a number": lambda lib: lib.Series(["x"]).astype(int),
         "2**62 · 4": lambda lib: lib.Series([2**62]) * 4}


def outcome(case, lib):
    try:
        return str(case(lib).to_numpy()[0])
    except Exception as error:  # which one is what we want to know
        return type(error).__name__


# %% tags=["nbval-check-output"]
print(f"{'':16} {'pandas':12} {'ANSI on':24} ANSI off")
for name, case in CASES.items():
    seen = [outcome(case, pd)]
    for ansi in (True, False):
        spark.conf.set("spark.sql.ansi.enabled", ansi)
        seen.append(outcome(case, ps))
    print(f"{name:16} {seen[0]:12} {seen[1]:24} {seen[2]}")
spark.conf.set("spark.sql.ansi.enabled", True)

# %% [markdown]
# The division is infinity everywhere, as in pandas, though `spark.sql("SELECT 1/0")` would stop
# with an error. A text that is no number is an error in pandas and with ANSI mode; without it, you
# silently get a missing value. Numbers that get too large are the other way round: pandas lets them
# wrap around to something absurd, here to 0, and ANSI mode stops. So leave ANSI mode on: it is
# nearer to pandas, and where it differs, it is the safer one.
#
# ## Three traps
#
# Petra's cells run, and the numbers are right. Now to those that become slow. Three habits of
# pandas cost more on Spark than all the rest together.
#
# ### Trap 1: one row after another
#
# `iterrows` brings all rows to the notebook, one by one. Nothing is distributed any more. The
# cure is an expression of whole columns:

# %%
def one_by_one():
    homes = psdf[["price", "accommodates"]].iterrows()
    return sum(home["price"] / home["accommodates"] for _, home in homes)


def by_column():
    return (psdf["price"] / psdf["accommodates"]).sum()


# %%
rows_trap = measure(one_by_one, repeats=3), measure(by_column, repeats=3)
print(f"one by one {rows_trap[0]}\nby column  {rows_trap[1]}")
per_row = rows_trap[0].median / len(rows)
print(f"The loop takes {1e6 * per_row:.0f} µs a row: "
      f"{per_row * 1e7 / 60:.0f} minutes for ten million rows.")

# %% [markdown]
# The loop grows with the rows, and more machines do not help, since a single one does the work. The
# time of the expression is nearly all the fixed price of a Spark job.
#
# ### Trap 2: a function without type hints
#
# `apply` calls a function of yours for each value. Spark must know the type of a column before it
# runs, and a Python function doesn't tell. So the library runs your function on the first rows to
# see what comes out. An *accumulator*, a counter that Spark's workers share, counts the calls:

# %%
calls = spark.sparkContext.accumulator(0)


def discount(price):
    calls.add(1)
    return price * 0.9


def typed_discount(price) -> float:
    calls.add(1)
    return price * 0.9


# %% [markdown]
# The second function differs by `-> float`, the type of its result.
#
# **Predict:** there are a few thousand rows. How often is each function called?

# %% tags=["nbval-check-output"]
for function in (discount, typed_discount):
    calls.value = 0
    column = psdf["price"].apply(function)
    planned = calls.value
    column.sum()
    print(f"{function.__name__:15} {planned:5,} calls while planning, "
          f"{calls.value - planned:,} later")

# %% [markdown]
# In the first line there are about a thousand calls too many. Does Spark run something for them?

# %% tags=["nbval-check-output"]
for function in (discount, typed_discount):
    started = draw.jobs(spark, lambda f=function: psdf["price"].apply(f))
    print(f"{function.__name__:15} {started} Spark jobs while planning")

# %% [markdown]
# Without the hint, a job has fetched the first rows up to `compute.shortcut_limit` and one more,
# and the notebook has called the function on each of them, on one core. After that the real work
# begins and calls it for every row, those first ones included. If `psdf` is the result of expensive
# steps, such as a join, these steps run twice as well. With the hint, nothing runs before you ask.
#
# Here are the times, and the best cure of all, an expression without any Python:

# %%
without_hint, with_hint = (
    measure(lambda f=f: psdf["price"].apply(f).sum(), repeats=3)
    for f in (discount, typed_discount))
expression = measure(lambda: (psdf["price"] * 0.9).sum(), repeats=3)
print(f"no hint {without_hint}\nhint {with_hint}\nexpression {expression}")

# %% [markdown]
# ### Trap 3: frames of two origins
#
# You know this one from above. A notebook that was written cell by cell often reads the same file
# twice. Then the two frames look alike, but Spark does not know that their rows belong together,
# and joins them. We measure it on the 200,000 rows from above:

# %%
def two_origins():
    a, b = (table.pandas_api(index_col="id") for _ in range(2))
    return (a["value"] + b["value"]).sum()


def one_origin():
    a = table.pandas_api(index_col="id")
    return (a["value"] + a["value"]).sum()


# %%
origins_trap = measure(two_origins, repeats=3), measure(one_origin, repeats=3)
print(f"two origins {origins_trap[0]}\none origin  {origins_trap[1]}")

# %% [markdown]
# All three in one picture, with the cure below each trap:

# %%
draw.traps({"rows one by one": rows_trap,
            "apply without a hint": (without_hint, expression),
            "two origins": origins_trap})

# %% [markdown]
# The exact factors are those of this machine and of these small tables. The reasons are not: a loop
# is one core and all rows on the network, inference is a job that you did not ask for, and two
# origins are a shuffle of everything.
#
# **Exercise 2.** Take `psdf.head(500)` instead of `psdf` in the cell that counts calls. What
# changes for the function without a hint, and why?
#
# <details><summary>Answer</summary>
#
# 500 calls before and 500 after: each row is computed twice. (With `psdf.head(500).apply(…,
# axis=1)` on whole rows it is different again. A frame of up to `compute.shortcut_limit` rows is
# then handed to pandas, in the notebook, and its result is taken. A test on a small sample does not
# show how such code behaves on a large table.)
# </details>
#
# ## The race
#
# Now the question that decides: from how many rows on is it worth it? Three versions of Petra's
# notebook, each of which reads a Parquet file, drops the places for one guest, and computes the
# mean price per guest of a thousand hosts. The rows are made up.

# %%
from course_utils import make_work_dir

SIZES = [10**4, 10**5, 10**6, 10**7]
folder = make_work_dir("19_pandas_api_on_spark")
for n in SIZES:
    made_up = spark.range(n, numPartitions=4).selectExpr(
        "id % 1000 AS host", "20 + 400 * rand(19) AS price",
        "1 + (hash(id) & 7) AS guests")
    made_up.write.parquet(f"{folder}/{n}")

# %% [markdown]
# pandas and the pandas API share one function. It gets the library as `lib`, and that is really the
# only difference. (`copy` tells pandas that we don't want to change the table behind the filter.)

# %%
def notebook(lib, n):
    homes = lib.read_parquet(f"{folder}/{n}")
    homes = homes[homes["guests"] > 1].copy()
    homes["each"] = homes["price"] / homes["guests"]
    return homes.groupby("host")["each"].mean().sort_index()


# %%
from pyspark.sql import functions as F


def with_spark(n):
    homes = spark.read.parquet(f"{folder}/{n}").filter("guests > 1")
    homes = homes.withColumn("each", F.col("price") / F.col("guests"))
    means = homes.groupBy("host").agg(F.avg("each").alias("each"))
    return means.orderBy("host").toPandas()["each"]


# %% [markdown]
# All three return a thousand means to the notebook. First we make sure that they agree:

# %% tags=["nbval-check-output"]
runners = {"pandas": lambda n: notebook(pd, n),
           "Spark": with_spark,
           "pandas API on Spark": lambda n: notebook(ps, n).to_pandas()}
right = notebook(pd, SIZES[0]).to_numpy()
for name, run in runners.items():
    print(f"{name:20} same means: {np.allclose(run(SIZES[0]), right)}")

# %% [markdown]
# **Predict:** who wins with 10,000 rows, and who with 10 million? Where do the curves cross?

# %%
times = {(name, n): measure(lambda run=run, n=n: run(n),
                            repeats=5 if n < 10**7 else 3)
         for n in SIZES for name, run in runners.items()}
for n in SIZES:
    print(f"{n:>10,} rows  " + "  ".join(
        f"{name} {times[name, n].median:.2f} s" for name in runners))

# %%
draw.race(times)

# %% [markdown]
# At the left end, the two lines of Spark are nearly flat: that is the fixed price of a job, and it
# hardly depends on the number of rows. The line of pandas begins far below and rises with the rows.
# The sentences below the picture say where the lines meet on this machine, or that they don't meet
# up to there. (pandas is not on one core all the time: it reads a file with all of them.)
#
# The distance between the two lines of Spark is the price of pandas style. Each call has to be
# planned in Python. The plan holds what the rules of pandas ask for, such as the filter that you
# saw above, and NaN is turned into a missing value before each mean. And where the index is needed,
# it has to be made.
#
# And the end of the line of pandas? It stops where the rows no longer fit in memory:

# %%
import psutil

whole = pd.read_parquet(f"{folder}/{SIZES[-1]}")
per_row = whole.memory_usage(deep=True).sum() / len(whole)
free = psutil.virtual_memory().available
print(f"{per_row:.0f} bytes a row: the {free / 2**30:.0f} GB that are free "
      f"here would be full at {free / per_row:,.0f} rows of three columns.")

# %% [markdown]
# And that leaves no room to work, for pandas makes copies. Petra's real table has 34 columns, some
# of them text. Divide by 20 or more.
#
# **Exercise 3.** Put `ps.set_option("compute.default_index_type", "sequence")` before the race and
# run it again. Which line changes? (Set it back with `ps.reset_option` afterwards.)
#
# <details><summary>Answer</summary>
#
# None, or hardly any. Nobody looks at the numbers of the index in this notebook, and the optimizer
# leaves them out. The index costs something as soon as it is part of a result: in
# `draw.plan(ps.read_parquet(f"{folder}/10000"))`, a `Window` numbers all rows, after an `Exchange`
# has brought them to one task.
# </details>
#
# ## When not to use it
#
# - **The rows fit in memory, with room to work**: use pandas. It is faster, complete, and exact.
# - **You write new code for Spark**: use the DataFrame API. It hides nothing, the plan is what you
#   wrote, and no index is made.
# - **You have much pandas code, and rows that no longer fit**: that is what this library is for.
#   Give each frame a key as its index, look for the three traps, sort where the order counts, and
#   compare the results with pandas on a sample.
# - **Your code needs pandas itself**, for a model of scikit-learn or a method that is missing: keep
#   Spark's DataFrame, and send it to pandas in pieces, with pandas UDFs (lesson 17) or
#   `applyInPandas` (lesson 18).
#
# What does Petra say on Monday? "One line for most of it. A key as index, two loops to rewrite,
# type hints for one function, and a sort before the report."
#
# ## On Databricks
#
# > - `import pyspark.pandas as ps` works there as here, from Databricks Runtime 10.0 on. Up to 9.1
# >   you used the package `databricks.koalas`, which is what old notebooks import.
# > - ANSI mode for the pandas API is on by default since Databricks Runtime 17.2. ANSI SQL itself
# >   is the default since 17.0.
# > - On serverless compute there is Spark Connect only: no `sparkContext` and no RDDs. So the
# >   counters of this lesson don't work there, and `ps.sql` takes no frame in braces.
# > - `toPandas()` and `to_pandas()` load all rows into the memory of the driver there, too, and
# >   the documentation of both tells you to use them for small results only.
#
# ## What you know now
#
# - A pandas-on-Spark frame is an `InternalFrame`: a Spark DataFrame with notes on index and data.
# - Of the three default indexes, `sequence` needs one task for all rows, `distributed-sequence` one
#   more job, and `distributed` nothing, with holes between its labels. None of them is a key.
# - Two frames are joined by their labels. With a default index, a label is a place, not a row.
# - `pandas_api` and `to_spark` are free, `to_pandas` and `from_pandas` move every row.
# - Most names of pandas are there, often with fewer parameters. Order and medians differ.
# - Don't iterate, give `apply` a type hint, and take columns from one frame.
#
# **Check yourself:** a colleague reads one file twice with `ps.read_parquet`, sorts one of the
# frames, and divides a column of one by a column of the other. Name two things that are wrong, and
# say how you would fix them.
#
# <details><summary>Answer</summary>
#
# The division joins all rows of the two frames, because they have two origins. And it puts pairs
# together that don't belong together, because the default index only counts the rows, and one frame
# was sorted. A key as `index_col=` fixes the pairs. One frame in place of two fixes both.
# </details>
#
# **Exam:** when to use the pandas API on Spark; what an InternalFrame is; how to convert between
# pandas, Spark and pandas-on-Spark; why it is slower than Spark's own API; the default indexes.
#
# **Next:** the lab, in which you translate the rest of Petra's notebook and clear three traps out
# of it. Lesson 20 leaves prices alone and predicts a yes or no.
