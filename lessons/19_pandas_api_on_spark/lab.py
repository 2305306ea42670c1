# %% [markdown]
# # 19 · pandas API on Spark, lab
#
# **The question of this lab:** can you bring a pandas notebook to Spark so that it gives the same
# numbers, and stays on Spark all the way?
#
# - **Time:** 25 minutes
# - **Before you start:** the demo of lesson 19
# - **Data:** `listings`, the training rows, written to a Parquet file with a key
#
# Petra's notebook has five cells. The first two only have to be translated. The last three have
# been translated by her colleague, in a hurry: they give the right numbers, and each of them is in
# one of the traps of the demo. You say which one, and write the cell anew.
#
# **The tools you need, and where they were shown** (all in the demo of lesson 19)
#
# - `ps.read_parquet`, `index_col=`, and what makes a good index
# - `groupby`, `sort_values`, a filter by a column, as in pandas
# - expressions of whole columns, such as `homes["price"] / 2`, `where`, `mask`, `map`
# - type hints, and what happens in `apply` without them
# - why two frames are joined
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

# %%
import warnings

import pandas as pd
import pyspark.pandas as ps

from course_utils import ask_quiz, get_spark, load_split, make_work_dir, open_lab

warnings.filterwarnings("ignore", module="pyspark")  # that to_pandas loads all rows
spark = get_spark("19_pandas_api_on_spark_lab")
lab = open_lab("19")

# %% [markdown]
# The table of this lab. It is written once, with a key: the rows are sorted by all their columns,
# and `listing_id` numbers them.

# %% tags=["nbval-check-output"]
train, _ = load_split("listings")
path = f"{make_work_dir('19_pandas_api_on_spark_lab')}/homes.parquet"
table = train.toPandas().sort_values(train.columns, ignore_index=True)  # a few thousand rows
table.rename_axis("listing_id").reset_index().to_parquet(path, index=False)
print(f"{len(table):,} listings")

# %% [markdown]
# ## Question 1 · The first cell
#
# This is how Petra's notebook begins, in pandas:

# %% tags=["nbval-check-output"]
pandas_homes = pd.read_parquet(path).set_index("listing_id")
pandas_homes["each"] = pandas_homes["price"] / pandas_homes["accommodates"]
print(pandas_homes["each"].describe().round(2).to_string())

# %% [markdown]
# Translate it.
#
# - `homes`: the same table as a pandas-on-Spark DataFrame, read from the file by Spark, with
#   `listing_id` as its index and with the new column `each`

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: the frame, with its key as index and the new column.
### STUB homes = ...
### BEGIN SOLUTION
homes = ps.read_parquet(path, index_col="listing_id")
homes["each"] = homes["price"] / homes["accommodates"]
print(f"mean {homes['each'].mean():.2f} dollars a night for each guest")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · The second cell
#
# Petra's table of neighborhoods: how many listings each one has, and what a night costs per guest
# on average. Neighborhoods with fewer than 30 listings are left out, and the most expensive one
# comes first.

# %% tags=["nbval-check-output"]
pandas_areas = pandas_homes.groupby("neighbourhood_cleansed")["each"].agg(["count", "mean"])
pandas_areas = pandas_areas[pandas_areas["count"] >= 30].sort_values("mean", ascending=False)
print(pandas_areas.head(3).round(2).to_string())

# %% [markdown]
# - `areas`: the same table, made from `homes` and still on Spark: a pandas-on-Spark DataFrame with
#   the neighborhoods as index, the columns `count` and `mean`, and the rows in this order
#
# **Predict** first: how much of this cell do you have to change?

# %% answer="q2" tags=["nbval-check-output"]
# TODO q2: the table of neighborhoods.
### STUB areas = ...
### BEGIN SOLUTION
groups = homes.groupby("neighbourhood_cleansed")
areas = groups.agg(count=("each", "count"), mean=("each", "mean"))
areas = areas[areas["count"] >= 30].sort_values("mean", ascending=False)
print(areas.head(3).to_pandas().round(2).to_string())
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · The third cell
#
# From here on you read the colleague's code. It is right, and slow. His third cell puts each
# listing into a price band:
#
# ```python
# bands = {}
# for number, home in homes.iterrows():
#     if home["price"] >= 300:
#         bands[number] = "high"
#     elif home["price"] >= 100:
#         bands[number] = "middle"
#     else:
#         bands[number] = "low"
# words = pd.Series(bands)
# words.index.name = "listing_id"
# homes["band"] = ps.from_pandas(words)
# ```
#
# - `trap_3`: the trap that the loop is in, one of `"rows one by one"`, `"no type hint"` and
#   `"two origins"`
# - `banded`: a pandas-on-Spark DataFrame with all that `homes` has, and the new column `band` with
#   the same words. No row may travel through the notebook, and nothing may be joined.

# %% answer="q3" tags=["nbval-check-output"]
# TODO q3: the trap, and the frame with the price bands.
### STUB trap_3 = ...
### STUB banded = ...
### BEGIN SOLUTION
trap_3 = "rows one by one"
banded = homes.assign(band="low")
banded["band"] = banded["band"].mask(banded["price"] >= 100, "middle")
banded["band"] = banded["band"].mask(banded["price"] >= 300, "high")
print(banded["band"].value_counts().sort_index().to_pandas().to_string())
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · The fourth cell
#
# The site takes a fee for each night, and cheap places pay another rate than expensive ones:
#
# ```python
# def fee(price):
#     return 5 + 0.12 * price if price > 100 else 0.17 * price
#
#
# homes["fee"] = homes["price"].apply(fee)
# ```
#
# - `trap_4`: the trap of this cell, again one of `"rows one by one"`, `"no type hint"` and
#   `"two origins"`
# - `with_fee(frame)`: a function that takes any pandas-on-Spark DataFrame with a column `price`,
#   and returns it with the new column `fee`. It only plans: while it is called, no Spark job
#   starts.

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: the trap, and a function that starts no job.
### STUB trap_4 = ...
def with_fee(frame):
    """The frame with the column `fee`."""
    ### STUB return ...
    ### BEGIN SOLUTION
    cheap = 0.17 * frame["price"]
    return frame.assign(fee=cheap.mask(frame["price"] > 100, 5 + 0.12 * frame["price"]))


trap_4 = "no type hint"
print(f"fees of one night in all places: {with_fee(homes)['fee'].sum():,.2f} dollars")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# A mean or a sum starts a job, of course. But it is the one that you ask for, and it sees the whole
# plan at once.
#
# ## Question 5 · The fifth cell
#
# Which place gives the best value? The colleague divides its rating by what a guest pays:
#
# ```python
# prices = ps.read_parquet(path, index_col="listing_id")["price"]
# guests = ps.read_parquet(path, index_col="listing_id")["accommodates"]
# ratings = ps.read_parquet(path, index_col="listing_id")["review_scores_rating"]
# value = ratings / (prices / guests)
# ```
#
# - `trap_5`: the trap of this cell, from the same list
# - `value`: the same numbers as a pandas-on-Spark Series, with `listing_id` as its index, by a plan
#   without any join
#
# **Predict** first: how many joins does his cell need?

# %% answer="q5" tags=["nbval-check-output"]
# TODO q5: the trap, and the series without a join.
### STUB trap_5 = ...
### STUB value = ...
### BEGIN SOLUTION
trap_5 = "two origins"
value = homes["review_scores_rating"] / homes["each"]
print(f"best value: {value.max():.2f} points for a dollar of one guest")
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
# - Most of a pandas notebook runs on Spark with few changes: another import, a key as index, and an
#   explicit order.
# - A loop over rows, a function without a type hint and frames of two origins give the right
#   numbers. You see what they cost only in the number of jobs and in the plan.
# - An expression of whole columns of one frame needs no job before you ask for a result, no Python
#   in the workers, and no join.
#
# **Check yourself:** his fifth cell needs two joins. How many has
# `ratings / (prices / guests)` if `prices` and `guests` come from one frame and `ratings` from
# another?
#
# **Next:** the quiz below, then lesson 20, where a model predicts a yes or no.

# %%
ask_quiz("19")
