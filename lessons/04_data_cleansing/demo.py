# %% [markdown]
# # 04 · Data cleansing
#
# A program has walked through a web site with places to rent and saved what it found as one CSV
# file. You read it the usual way, no error comes up, and you count in which columns the rows have
# a value.

# %% tags=["nbval-check-output"]
from pyspark.sql import functions as F

from course_utils import get_spark, helpers

spark, draw = get_spark("04_data_cleansing"), helpers("04")
path = draw.raw_file("listings_raw")

# %%
def filled(rows):
    shares = [(F.count(c) / F.count("*")).alias(c) for c in rows.columns]
    return rows.agg(*shares).first().asDict()

plain = spark.read.csv(path, header=True)
draw.filled({"plain read.csv": filled(plain)})

# %% [markdown]
# `draw.raw_file` gives the path of the raw file, and `draw.filled` makes the picture; both are in
# `lessons/04_data_cleansing/helpers.py`. `filled` itself counts the values of each column and
# divides by the number of rows. The first column is full, and then the line falls. In the generated
# file, fewer than half of the rows have a value in any column after the sixth, and only about one
# row in four has a price. That is strange. The web site shows a price for every place.
#
# Something has gone wrong between the file and the data frame, and Spark has not said a word. If
# you train a model on this, it learns from torn rows.
#
# **The question of this notebook:** how does a scraped file of text become a table that a model may
# learn from, and how does it stay one?
#
# - **Time:** 40 minutes; the lab takes 30 more
# - **Before you start:** data frames (lesson 01), Delta (lesson 02), train and test (lesson 03)
# - **Data:** the raw file of the listings in use, every value as text
#
# (If you use your own listings and they are cleaned already, this notebook takes the generated raw
# file; the line above says which one it reads.)
#
# ## A file without losses
#
# Here are seven lines from the top of the file, as they are:

# %%
lines = spark.read.text(path).offset(15).limit(7)
short = F.left("value", F.lit(76)).alias("lines 16 to 22")
lines.select(short).show(truncate=False)

# %% [markdown]
# `spark.read.text` gives one row for each line, with a single column, `value`. Some listings cover
# several lines. Their hosts have written descriptions with line breaks, and inside quotes a line
# break belongs to the text. The plain reader does not know that, ends the row at the line break,
# and fills the rest of its columns with NULL.
#
# The reader can be told. `multiLine=True` says that a record may go over several lines, and
# `escape='"'` that a quote inside a text is written twice.
#
# **Predict:** will there be more rows than before, or fewer?

# %% tags=["nbval-check-output"]
raw = spark.read.csv(path, header=True, multiLine=True, escape='"')
for name, rows in (("plain", plain), ("as written", raw)):
    number = F.col("id").try_cast("bigint")
    torn = rows.filter(number.isNull()).count()
    print(f"{name}: {rows.count():,} rows, {torn:,} without a proper id")

# %%
draw.filled({"plain read.csv": filled(plain), "as written": filled(raw)})

# %% [markdown]
# Fewer rows, and all of them have a proper `id`. The gaps that are left belong to the listings: the
# two deep ones, on either side of `price`, are `square_feet` and `weekly_price`, which few hosts
# fill in. The difference between the two counts is the number of pieces that the plain reader made
# out of whole records.
#
# The options have a price: Spark can no longer cut the file at line ends and give the parts to
# several tasks. So read such a file once, and write it to Parquet or Delta.
#
# So what? Read a sample of lines as text first, and count rows after reading. In its default mode,
# `PERMISSIVE`, the CSV reader does not fail on a torn row. It fills the row up with NULL and goes
# on. With `mode="FAILFAST"` it raises an error instead, but don't rely on that alone: Spark parses
# only the columns that a query needs, so a `count()`, or a query for a few columns, may pass all
# the same.
#
# ## Text to numbers
#
# A model needs numbers. Of the file's columns we keep fourteen. Five stay text, and nine should
# become numbers:

# %%
TEXTS = ["id", "name", "neighbourhood_cleansed", "room_type",
         "host_is_superhost"]
NUMBERS = ["latitude", "longitude", "accommodates", "bedrooms", "beds",
           "minimum_nights", "number_of_reviews", "review_scores_rating",
           "price"]
raw = raw.select(*TEXTS, *NUMBERS).cache()
raw.select("room_type", "bedrooms", "price").show(3)

# %% [markdown]
# A cast seems enough:

# %% tags=["nbval-check-output"]
try:
    raw.select(F.col("price").cast("double")).collect()
except Exception as error:
    print(str(error).split(". ")[0])

# %% [markdown]
# Spark refuses what it can't read (before version 4 it gave NULL without a word, by default), and
# the message recommends `try_cast`, which gives NULL instead.
#
# **Predict:** how many prices are left after `try_cast`?

# %% tags=["nbval-check-output"]
as_number = F.col("price").try_cast("double")
before, after = raw.agg(F.count("price"), F.count(as_number)).first()
print(f"{before:,} prices in the file, {after:,} after try_cast")

# %% [markdown]
# `count` of a column counts what is not NULL. The error is gone, and so is the column that matters
# most: not a single price is a plain number, because all of them begin with a dollar sign. So take
# away what you know not to be part of the number, then convert, and then count what was lost:

# %% tags=["nbval-check-output"]
def number(name):
    digits = F.regexp_replace(name, "[$,]", "")
    return digits.try_cast("double").alias(name)

lost = raw.agg(*[F.count(n) - F.count(number(n)) for n in NUMBERS])
print("values lost:", sum(lost.first()))
typed = raw.select(*TEXTS, *map(number, NUMBERS))

# %% [markdown]
# `regexp_replace` replaces each match of a pattern; `[$,]` matches a dollar sign or a comma, so
# "$1,250.00" becomes "1250.00". The count is the important line. With 0 lost values, nothing became
# NULL. Whether the numbers are right is another question: "1.250,00", as many countries write it,
# would become 1.25 without any loss. So we will look at the values, too.
#
# ## The same listing twice
#
# A scraper that starts again after a crash writes some rows twice. With a random split, one copy
# can end up in the training rows and the other in the test rows, and then the model is tested on
# what it has seen. Our split below goes by `id`, so it would keep such copies together. But a
# listing that counts twice still pulls every mean, and a copy under a new `id` would slip through.
# So copies go before the split.

# %% tags=["nbval-check-output"]
copies = typed.count() - typed.select("id").distinct().count()
print(f"{copies:,} rows repeat a listing")

# %% [markdown]
# `dropDuplicates(["id"])` would keep one row of each `id`, *any* one. Is it all the same which?
# Before anything is dropped, look at one of the pairs:

# %% tags=["nbval-check-output"]
ids = typed.groupBy("id").count().filter("count > 1")
one_id = ids.agg(F.min("id")).first()[0]
pair = typed.filter(F.col("id") == one_id).toPandas()
print(pair.T.to_string(max_colwidth=24))

# %% [markdown]
# `ids` are those with more than one row. We take the first of them, and `pair.T` turns its rows
# into columns, so that they stand side by side. In the generated file the copies agree in every
# line, here and in all other pairs: this is the scraper's crash, and any copy will do. In other
# files copies differ. Then the result is left to chance, and may be another one tomorrow, unless
# you say which copy you want. Here, the one with the most reviews, since it is most likely the
# latest:

# %%
from pyspark.sql import Window

latest_first = Window.partitionBy("id").orderBy(F.desc("number_of_reviews"))
numbered = typed.withColumn("copy", F.row_number().over(latest_first))
unique = numbered.filter("copy = 1").drop("copy").cache()

# %% [markdown]
# A *window* cuts the rows into groups (`partitionBy`) and puts each group in order (`orderBy`).
# `row_number()` counts 1, 2, 3 inside each group, so `copy = 1` keeps the first one. If two copies
# have equally many reviews, their order is left to chance again; where they can differ in other
# columns, give `orderBy` a second column. You will need this pattern in the lab.
#
# ## What cannot be
#
# `summary` shows the count, the mean, the standard deviation, and the smallest, largest and middle
# values of each column.
#
# **Predict:** which of these numbers cannot be true?

# %%
some = ["price", "minimum_nights", "accommodates"]
unique.select(some).summary().show()

# %% [markdown]
# Look at `min` and `max` first. Is anything free, or for no guests, or for more nights than a year
# has? Then compare the mean of `minimum_nights` with its median (the line 50%). One absurd value
# pulls the mean of the whole column.
#
# What a row must be can be said in SQL, one rule per line:

# %%
RULES = {"has_price": "price > 0", "has_guests": "accommodates > 0",
         "has_stay": "minimum_nights BETWEEN 1 AND 365"}

def broken(rows):
    """{rule: how many rows break it}, without the rules that all keep."""
    kept = {name: F.coalesce(F.expr(r), F.lit(False))
            for name, r in RULES.items()}
    found = rows.agg(*[F.count_if(~k).alias(n) for n, k in kept.items()])
    return {n: c for n, c in found.first().asDict().items() if c}

# %% [markdown]
# `F.expr` turns the text of a rule into a column of booleans. If a value is missing, the rule can't
# be decided and gives NULL; `coalesce` turns that into False, so it counts as broken. In the next
# output, the name of a rule says what should hold, and the number says for how many listings it
# does not:

# %% tags=["nbval-check-output"]
print(broken(unique))
possible = unique.filter(" AND ".join(RULES.values()))

# %% [markdown]
# Of the generated listings, 7 have no price above 0, 7 take no guests, and 21 ask for 500, 999,
# 1,125 or 100,000,000 nights. A price of 0, no guests and 100,000,000 nights are errors. A stay of
# 500 nights is odd, but not impossible: there *we decide* that more than a year is no holiday let,
# and the rule says so. All these rows go, on both sides of the split to come. Without them, the
# mean of `minimum_nights` is 15 nights and not 85,135.
#
# ## Split, before you learn anything
#
# Until now we looked at one row at a time, or at its copies, and at rules that say what a listing
# is. We saw in `summary` which rules are needed, but no number in them was computed from the data.
# From here on we learn numbers from the data: means, quartiles, medians. Lesson 03 has shown why
# this must happen after the split:
#
# ```mermaid
# flowchart LR
#     file["file"] -->|"types, copies, rules"| possible["possible rows"]
#     possible -->|"split"| train["training rows"]
#     possible -->|"split"| test["test rows"]
#     train -->|fit| learned["what was learned:<br/>medians, fences"]
#     train --> apply1("transform")
#     test --> apply2("transform")
#     learned --> apply1
#     learned --> apply2
#     apply1 --> clean1["clean training rows"]
#     apply2 --> clean2["clean test rows"]
# ```
#
# Only training rows teach, and both sides are treated alike. A hash of the `id` keeps each listing
# on its side, on every machine and however the file grows:

# %% tags=["nbval-check-output"]
in_train = F.crc32("id") % 100 < 80
train = possible.filter(in_train).cache()
test = possible.filter(~in_train).cache()
print(f"{train.count():,} training rows, {test.count():,} test rows")

# %% [markdown]
# ## A profile report
#
# `summary` says nothing about gaps and texts. A profile of the training rows takes one pass over
# the data. For each column we ask three questions:

# %%
def facts(name):
    column = F.col(name)
    return F.struct(
        (F.count("*") - F.count(column)).alias("missing"),
        F.approx_count_distinct(column).alias("distinct (about)"),
        F.left(F.mode(column, True).cast("string"), F.lit(20))
        .alias("most frequent"),
    ).alias(name)

# %% [markdown]
# `struct` packs the three answers for a column into one value. `mode` is the most frequent value
# (`True` makes a tie come out the same way each time). To count the distinct values of several
# columns exactly, Spark would first copy each row once for each column, and then shuffle what is
# distinct among the copies; `approx_count_distinct` is an estimate with a standard error of 5 %.
# One row with all the answers comes back, and pandas prints it as a table:

# %% tags=["nbval-check-output"]
import pandas as pd

row = train.agg(*map(facts, train.columns)).first()
report = pd.DataFrame({name: row[name].asDict() for name in row.asDict()})
print(report.T.to_string())

# %% [markdown]
# Read the table as a list of questions. On the generated listings, these are the answers:
#
# - Is `id` different in every row? The estimate, 5,283, is 6 % below the 5,605 rows. That is about
#   one standard error, so there is no sign of copies.
# - Which columns have gaps? Four of them, and only the ratings have many: 1,077, nearly one in
#   five.
# - Is there a column in which one value rules? The table names the most frequent value, but not how
#   frequent it is. The next picture shows it for the numbers: more than half of the places have one
#   bedroom.
#
# The shape of a number column is easier to see than to read:

# %%
local = train.select(NUMBERS).limit(10_000).toPandas()
draw.histograms(local, report.loc["missing"])

# %% [markdown]
# (`limit` keeps the copy small, however large the table is.)
#
# Look at `minimum_nights`: it has two peaks. Of the generated listings, half ask for three nights
# or fewer, and two in five for about a month. These are two markets, short stays and whole months,
# and no single number describes both. The mean, 15 nights, is a stay that hardly any host asks for.
#
# *Skewness* measures how much longer one tail is than the other. Positive means a long tail to the
# right, negative to the left, and 0 means that both sides are alike. In which columns is it beyond
# 1 or -1?

# %%
skewness = local.skew().round(1)
print(skewness[skewness.abs() > 1].to_string())

# %% [markdown]
# In these columns the mean is pulled toward the long tail, and rules that expect two like sides
# will not work well. Both will matter in a moment.
#
# ## Outliers: two fences
#
# An *outlier* is a value that is possible, but far from the rest. Two rules say how far is far. The
# first one puts a fence at 3 standard deviations (sd) on each side of the mean. The second takes
# the quartiles, and goes 1.5 times their distance (the interquartile range, IQR) beyond them:

# %%
def fences(rows, column):
    mean, sd = rows.select(F.avg(column), F.stddev(column)).first()
    q1, q3 = rows.approxQuantile(column, [0.25, 0.75], 0)
    reach = 1.5 * (q3 - q1)
    return {"3 sd": (mean - 3 * sd, mean + 3 * sd),
            "IQR": (q1 - reach, q3 + reach)}

# %% [markdown]
# `approxQuantile` with the error 0 is exact. We learn the fences once from the prices, and once
# from their logarithms (`np.exp` takes those back to dollars).
#
# **Predict:** which rule will leave out more listings, judged by prices? And by logarithms?

# %%
import numpy as np

logs = fences(train.select(F.log("price").alias("log")), "log")
limits = {"price": fences(train, "price"),
          "log(price)": {rule: np.exp(ends) for rule, ends in logs.items()}}
prices = train.select("price").toPandas()["price"]

# %%
draw.fences(prices, limits)

# %% [markdown]
# Compare the shares in the line below the picture. Learned from the prices, IQR leaves out several
# times as many listings as 3 sd, and no lower fence is in the picture: both are below zero, where
# they can't catch anything. Prices have a long tail to the right, and both rules assume that the
# sides are alike. On the log scale the sides are more alike, and both fences mean something.
#
# There is one more difference between the two.
#
# **Predict:** let one price in 200 be wrong by a factor of 100. Which upper fence moves more?

# %% tags=["nbval-check-output"]
is_wrong = F.crc32("id") % 200 == 0
wrong = F.when(is_wrong, F.col("price") * 100).otherwise(F.col("price"))
spoiled = fences(train.withColumn("price", wrong), "price")
for rule in spoiled:
    was, now = limits["price"][rule][1], spoiled[rule][1]
    print(f"{rule:4}  ${was:,.0f} without, ${now:,.0f} with the errors")

# %% [markdown]
# The errors widen the very fence that should catch them: mean and sd follow extreme values. With
# the generated prices, the fence of 3 sd moves from $792 to $5,387. The quartiles hardly notice;
# their fence moves from $443 to $450.
#
# So first bring the two sides in line; for prices, a log scale does it. Then take IQR, unless you
# are sure that the column is clean. If no scale brings the sides in line, IQR is still the safer of
# the two against errors, but it leaves out honest values as well: 7.5 % of the prices in the
# picture above.
#
# What do you do with the outliers? What *cannot be* goes, as above. What is merely *rare* is the
# market as it is: keep it, perhaps with a flag or on a log scale. And never remove test rows
# because their price is unusual. The model will meet such listings, too.
#
# **Exercise 1.** Learn the fences of `minimum_nights` from `train`, and count how many rows lie
# outside of each. Would you remove them?
#
# <details><summary>Answer</summary>
#
# ```python
# for rule, (low, high) in fences(train, "minimum_nights").items():
#     outside = ~F.col("minimum_nights").between(low, high)
#     print(rule, round(low), round(high), train.filter(outside).count())
# ```
#
# Here the two rules nearly agree. The upper fence of IQR is at 72 nights on the generated listings,
# that of 3 sd not far above, and both leave out about one row in a hundred. Hosts who rent by the
# month are real, so they stay. If your question is about short trips, remove them by a rule that
# says so ("at most 30 nights"), and not by a fence.
# </details>
#
# ## What is missing, and does it mean something?
#
# Some listings have no rating. Are they like the others?

# %%
no_rating = F.col("review_scores_rating").isNull().alias("no rating")
train.groupBy(no_rating).agg(
    F.count("*").alias("rows"), F.median("price").alias("median price"),
    F.round(F.avg("number_of_reviews"), 1).alias("mean reviews")
).show()

# %% [markdown]
# Compare the two rows. A listing without a rating has hardly any reviews, if any: it is new, or
# nobody wants it. So the gap is a fact about the listing, and filling it hides this fact. That is
# why an **indicator** column comes first: 1 where the value is missing, and 0 elsewhere.
#
# ## Mean, median or mode?
#
# A filled value is a guess. We learn three guesses from the known ratings of the training rows:

# %% tags=["nbval-check-output"]
rating = F.col("review_scores_rating")
guesses = train.agg(
    F.avg(rating).alias("mean"), F.median(rating).alias("median"),
    F.mode(rating, True).alias("mode")).first().asDict()
print(guesses)

# %%
known = local["review_scores_rating"].dropna()
draw.guesses(known, guesses)

# %% [markdown]
# Most ratings are close to 100, with a long tail to the left, so the three guesses differ: a few
# bad ratings pull the mean down, below most of the ratings.
#
# Now we try the guesses on the *test* rows whose ratings are known. (Where a rating is missing,
# there is nothing to compare a guess with.)
#
# **Predict:** which guess wins?

# %% tags=["nbval-check-output"]
true = test.select(rating).dropna().toPandas()["review_scores_rating"]
print("        RMSE   MAE  exactly right")
for name, guess in guesses.items():
    off = true - guess
    print(f"{name:6} {np.sqrt((off**2).mean()):5.2f} {off.abs().mean():5.2f}"
          f" {(off == 0).mean():6.0%}")

# %% [markdown]
# It depends on how you count. Each guess is made for one column of this table:
#
# - The **mean** has the lowest squared error, and if you fill the gaps with it, the mean of the
#   column stays what it was. Take it where both sides are alike.
# - The **median** has the lowest absolute error, and extreme values do not move it. Take it for
#   skewed columns.
# - The **mode** is right most often, and it is always a value that exists. Take it for categories
#   and for small whole numbers.
#
# Two things are not in the table. All three guesses make the column narrower than it is, since
# every gap gets the same value: for the ratings of the generated listings, the standard deviation
# falls by about a tenth. And we judged the guesses on listings that have a rating. Those without
# one are not like the others, as we saw, and nobody knows which value would be right for them. That
# is one more reason for the indicator.
#
# ## Transformer and estimator
#
# Spark ML has two kinds of steps, and here you see why. An indicator needs nothing but its own
# row. `SQLTransformer` is a **transformer**:

# %%
from pyspark.ml.feature import Imputer, SQLTransformer

GAPS = ["bedrooms", "beds", "review_scores_rating"]
marks = [f"CAST({c} IS NULL AS DOUBLE) AS {c}_na" for c in GAPS]
flag = SQLTransformer(
    statement=f"SELECT *, {', '.join(marks)} FROM __THIS__")
fill = Imputer(strategy="median", inputCols=GAPS, outputCols=GAPS)

# %% [markdown]
# `__THIS__` stands for the data frame that comes in; the statement adds three indicator columns.
#
# A median has to be learned first. `Imputer` (its strategies are mean, median and mode) is an
# **estimator**: its `fit` learns the medians and returns a model, which is a transformer again. If
# you forget `fit`, Python tells you:

# %% tags=["nbval-check-output"]
try:
    fill.transform(train)
except AttributeError as error:
    print(error)

# %% [markdown]
# A `Pipeline` keeps the steps in order, and is fitted as a whole.
#
# **Predict:** what does the indicator count if the gaps are filled first?

# %% tags=["nbval-check-output"]
from pyspark.ml import Pipeline

for name, order in (("first flag", [flag, fill]), ("first fill", [fill, flag])):
    rows = Pipeline(stages=order).fit(train).transform(train)
    marked = rows.agg(F.sum("review_scores_rating_na")).first()[0]
    print(f"{name}: {marked:,.0f} ratings marked as missing")

# %% [markdown]
# Filled first, there is no gap left to mark. No error tells you; a column of zeros goes into your
# model. The right order, fitted to the training rows and applied to both sides:

# %% tags=["nbval-check-output"]
model = Pipeline(stages=[flag, fill]).fit(train)
clean_train, clean_test = model.transform(train), model.transform(test)
for name, rows in (("train", clean_train), ("test", clean_test)):
    gaps = rows.count() - rows.select(GAPS).dropna().count()
    print(f"{name}: {len(rows.columns)} columns, {gaps} rows with a gap")

# %% [markdown]
# `Imputer` works on numbers only. For a text column, the mode takes one line. It is learned from
# the training rows, too. (The other choice is a category of its own, "unknown".)

# %% tags=["nbval-check-output"]
mode = train.agg(F.mode("host_is_superhost", True)).first()[0]
clean_train = clean_train.fillna({"host_is_superhost": mode})
clean_test = clean_test.fillna({"host_is_superhost": mode})
print("filled with", mode)

# %% [markdown]
# ## What if test rows help to choose the guess?
#
# If you compute the guess before the split, the test rows help to choose it, and they look easier
# to predict than they are. How much easier? A gap has no true value to compare with, so we measure
# it on known ratings, and with the mean as the guess. We play it 4,000 times. In each round we draw
# `n` known ratings; a fifth of them are test rows. One guess is the mean of all `n`, so each test
# rating helps to choose the guess by which it is judged. The other guess is the mean of the
# training rows alone:

# %%
def flattery(n, rounds=4_000):
    """By which share the squared test error looks smaller."""
    draws = np.random.default_rng(4).choice(known, (rounds, n))
    tests, trains = draws[:, : n // 5], draws[:, n // 5 :]
    leaky = tests - draws.mean(axis=1, keepdims=True)
    honest = tests - trains.mean(axis=1, keepdims=True)
    return 1 - (leaky**2).mean() / (honest**2).mean()

# %% tags=["nbval-check-output"]
for n in (10, 50, 1_000):
    print(f"{n:5,} rows: the error looks {flattery(n):.2%} smaller")

# %% [markdown]
# With a thousand rows and one number the leak is tiny; with ten rows it is not. (The column does
# not matter. For a mean and squared errors, the share follows from `n` alone: a little algebra
# gives 20 %, 4.4 % and 0.22 %.) Think of a mean for each neighborhood, or each day: there you may
# have ten rows.
#
# In the score of a model, the effect of a filled column is usually smaller still, because only some
# rows are filled and the model has other columns, too. But splitting first costs nothing, so do it
# always.
#
# **Exercise 2.** In the picture above, `fit` has an arrow from the training rows only. Where would
# the consultant of lesson 03 have drawn it?
#
# <details><summary>Answer</summary>
#
# From *possible rows*, before the split. In code, that is `fit(possible)` in the place of
# `fit(train)`: one word, no error, and a score that may be too good.
# </details>
#
# ## A table that stays clean
#
# Next week's file will have new defects. Delta can hold our rules: it tests a `CHECK` constraint
# for every row of every write.

# %%
from course_utils import make_work_dir

table = make_work_dir("04_data_cleansing") + "/train"
clean_train.write.format("delta").save(table)
for name, rule in RULES.items():
    spark.sql(f"ALTER TABLE delta.`{table}` "
              f"ADD CONSTRAINT {name} CHECK ({rule})")

# %% [markdown]
# The test rows play next week's batch. (They are a stand-in; a real training table must not get
# them.) In the batch, one listing is free:

# %%
coming = clean_test.cache()
one_id = coming.agg(F.min("id")).first()[0]
free = F.when(F.col("id") == one_id, 0.0).otherwise(F.col("price"))
one_free = coming.withColumn("price", free)

# %%
def append(batch):
    try:
        batch.write.format("delta").mode("append").save(table)
        return "appended"
    except Exception as error:
        return str(error).split("] ", 1)[-1].split(" violated")[0]

# %% [markdown]
# `mode("append")` adds rows to a table (the other modes are `overwrite`, `ignore` and `error`). The
# function returns the first words of the error if there is one.
#
# **Predict:** are the other rows of the batch appended?

# %% tags=["nbval-check-output"]
before = spark.read.format("delta").load(table).count()
print(append(one_free))
after = spark.read.format("delta").load(table).count()
print("rows added:", after - before)

# %% [markdown]
# One bad row stops its whole batch, and the table is what it was. That is the atomic commit of
# lesson 02 at work.
#
# Another week, the scraper loses the decimal point, and all prices are 100 times as high.
#
# **Predict:** which of our rules will stop that batch?

# %% tags=["nbval-check-output"]
in_cents = coming.withColumn("price", F.col("price") * 100)
print("rules broken:", broken(in_cents) or "none")

# %% [markdown]
# None. Each of these rows could be true by itself; only all of them together cannot. So we also
# need **batch checks**, which look at a batch as a whole before anything is written. These two
# compare a batch with the training rows, and report what has halved or doubled:

# %%
MEASURES = {"median price": F.median("price"),
            "no rating": F.avg("review_scores_rating_na")}
usual = clean_train.agg(*MEASURES.values()).first()

def unusual(batch):
    found = batch.agg(*MEASURES.values()).first()
    return [name for i, name in enumerate(MEASURES)
            if not usual[i] / 2 <= found[i] <= 2 * usual[i]]

# %% tags=["nbval-check-output"]
batches = {"one is free": one_free, "in cents": in_cents, "fine": coming}
for name, batch in batches.items():
    reasons = [*broken(batch), *unusual(batch)]
    print(f"{name:11}  {f'stopped: {reasons}' if reasons else append(batch)}")

# %% [markdown]
# Both bad batches stay out, each for its own reason, and the good one gets in. The constraints stay
# in the table, as a last guard against anybody who writes without asking.
#
# What has become of the rows of the file?

# %% tags=["nbval-check-output"]
steps = {"read with their types": typed, "each listing once": unique,
         "possible": possible, "to learn from": train, "to test": test}
for name, rows in steps.items():
    print(f"{rows.count():6,} rows {name}")

# %% [markdown]
# And this is what comes out of the pipeline for the first of them, without a gap:

# %%
shown = ["price", "room_type", "bedrooms", "review_scores_rating",
         "review_scores_rating_na"]
clean_train.select(shown).orderBy("id").limit(3).toPandas()

# %% [markdown]
# Everything that a model needs is a number or a word from a known list, whatever was missing has
# its mark, and each step can be run again on next week's file.
#
# ## On Databricks
#
# > - `CHECK` constraints work the same there, on tables in Unity Catalog.
# > - *Expectations* are something else than our batch checks. They belong to Lakeflow Spark
# >   Declarative Pipelines (formerly Delta Live Tables), and each of them is a condition on a
# >   single record: keep the record and count it, drop it (`expect_or_drop`), or stop the update
# >   (`expect_or_fail`). So they would not see the prices in cents either.
# > - `dbutils.data.summarize(df)` draws a profile of a data frame in the notebook. Its numbers are
# >   estimates unless you ask with `precise=True`.
# > - When files are read there, the option `rescuedDataColumn` keeps what does not fit the schema
# >   in a column of its own.
#
# ## What you know now
#
# - Reader options decide which rows you get, and conversions which values: count before and after.
# - Copies go before the split. If they differ, a window says which one stays.
# - What cannot be is removed by rules. What is rare stays; fences find it, on a scale where both
#   sides are alike, and from quartiles unless the column is surely clean.
# - After the split: first the indicator, then mean, median or mode, learned from training rows by
#   an estimator and applied by its model to both sides.
# - Constraints guard each row of a table, batch checks a batch as a whole.
#
# **Check yourself:** a colleague fills the gaps, then splits, and reports the same test error as
# you. Does that mean the order is unimportant?
#
# <details><summary>Answer</summary>
#
# No. With thousands of rows and one median, the leak is too small to be seen: for a single mean of
# 1,000 rows it was 0.22 %. It grows where a number is learned from few rows: with ten rows it was
# 20 %. From the score alone you cannot tell which of the two you have. So split first; it costs
# nothing.
# </details>
#
# **Exam:** summaries and profiles of a data frame; outliers by standard deviation and by IQR; mean,
# median and mode compared; filling missing values with each; estimators and transformers.
#
# **Next:** the lab, where a second city's file has other defects. Then lesson 05 explores
# `listings`, the table of the later lessons. It was cleaned in much the same way as here, but it
# has more columns, and it leaves out the listings without facts about their host.
