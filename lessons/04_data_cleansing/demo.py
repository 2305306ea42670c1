# %% [markdown]
# # 04 · Data cleansing
#
# **The question of this notebook:** how does a scraped file of text become a table that a model may
# learn from, and how does it stay one?
#
# - **Time:** 30 minutes; the lab takes 30 more
# - **You will:** read a messy CSV without losing rows or values; find impossible values and
#   outliers, and tell them apart; split, then mark and fill what is missing; keep a bad batch out
#   of a Delta table
# - **Before you start:** DataFrames as in lesson 01, Delta as in lesson 02, train and test as in
#   lesson 03
# - **Data:** the raw file of the listings in use, every value as text
# - **Exam:** 2025-19, 2025-20, 2025-23, 2025-24, 2025-30; earlier guide S2 and S3

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.ml import Pipeline, Transformer
from pyspark.ml.feature import Imputer, SQLTransformer
from pyspark.sql import functions as F

from course_utils import get_spark, get_truth, locate, make_work_dir, show

spark = get_spark("04_data_cleansing")

# %% [markdown]
# Your own listings may be in use instead of the generated ones. If yours are cleaned already, this
# notebook takes the generated raw file.

# %% tags=["nbval-check-output"]
try:
    path = locate("listings_raw")
    print("Reading", "the generated raw file" if get_truth("listings_raw") else "your own raw file")
except Exception as reason:
    path = locate("listings_raw", generated=True)
    print(f"{reason}\nReading the generated raw file instead.")

# %% [markdown]
# ## A file without losses
#
# What is in the file, line by line?

# %%
lines = spark.read.text(path).offset(15).limit(7)
lines.select(F.left("value", F.lit(95)).alias("lines 16 to 22")).show(truncate=False)

# %% [markdown]
# A line break inside quotes belongs to a text, so a listing may cover several lines. **Predict:**
# what does a plain `read.csv` make of that: an error, or something else?


# %% tags=["nbval-check-output"]
def look(rows):
    """How many rows there are, and how many have no number for an `id`."""
    torn = F.count_if(F.col("id").try_cast("bigint").isNull())
    return "{:,} rows, {:,} of them torn".format(*rows.agg(F.count("*"), torn).first())


print("plain:", look(spark.read.csv(path, header=True)))
raw = spark.read.csv(path, header=True, multiLine=True, escape='"')
print("as written:", look(raw))

# %% [markdown]
# Nothing failed. Where the two lines differ, the plain reader ended rows at line breaks inside
# texts and filled up with NULL. The file needs `multiLine`, and `escape='"'` because a quote inside
# a text is written twice. The price: Spark can no longer split the file between tasks.
#
# ## Text to numbers
#
# Five columns stay text, nine should become numbers.

# %%
TEXTS = ["id", "name", "neighbourhood_cleansed", "room_type", "host_is_superhost"]
NUMBERS = ["latitude", "longitude", "accommodates", "bedrooms", "beds", "minimum_nights",
           "number_of_reviews", "review_scores_rating", "price"]
raw = raw.select(*TEXTS, *NUMBERS).cache()
raw.select("room_type", "bedrooms", "review_scores_rating", "price").show(3)

# %% [markdown]
# A cast seems enough:

# %% tags=["nbval-check-output"]
try:
    raw.select(F.col("price").cast("double")).collect()
except Exception as error:
    print(str(error).split(". ")[0])

# %% [markdown]
# Spark refuses what it can't read (older versions did not), and the message recommends `try_cast`,
# which gives NULL instead. **Predict:** how many prices are left then?

# %% tags=["nbval-check-output"]
before, after = raw.agg(F.count("price"), F.count(F.col("price").try_cast("double"))).first()
print(f"{before:,} prices in the file, {after:,} after try_cast")

# %% [markdown]
# The error is gone, and so is the column that matters most. So: take away what is known not to be a
# part of the number, then convert, then count what was lost.


# %% tags=["nbval-check-output"]
def number(name):
    """A text such as "$1,250.00" as a number; NULL where it is none."""
    return F.regexp_replace(name, r"[$,]", "").try_cast("double").alias(name)


lost = raw.agg(*[(F.count(n) - F.count(number(n))).alias(n) for n in NUMBERS]).first()
print("values lost:", sum(lost))
typed = raw.select(*TEXTS, *map(number, NUMBERS))

# %% [markdown]
# ## The same listing twice
#
# A scraper that starts again after a crash writes rows twice. If one copy went to the training and
# the other to the test rows, the model would be tested on what it has seen. So they go before the
# split.

# %% tags=["nbval-check-output"]
unique = typed.dropDuplicates(["id"]).cache()
print(f"{typed.count() - unique.count():,} rows repeat a listing")

# %% [markdown]
# If the copies differ, `dropDuplicates` keeps any one of them. The lab has that case.
#
# ## What cannot be
#
# `describe` shows count, mean, standard deviation, smallest and largest value; `summary` adds the
# quartiles. **Predict:** which of these numbers cannot be true?

# %%
unique.select("price", "minimum_nights", "accommodates", "review_scores_rating").summary().show()

# %% [markdown]
# Look at the ends: is anything free, for no guests, or for more nights than a year has? Then
# compare each mean with its median (50%): one absurd value pulls the mean of a whole column.
#
# What a row must be can be said in SQL, one rule per line. A rule that can't be decided, because a
# value is missing, counts as broken.

# %% tags=["nbval-check-output"]
RULES = {"has_price": "price > 0", "has_guests": "accommodates > 0",
         "has_stay": "minimum_nights BETWEEN 1 AND 365"}


def broken(rows):
    """{rule: how many rows break it}; rules that all rows keep are left out."""
    breaks = {name: ~F.coalesce(F.expr(rule), F.lit(False)) for name, rule in RULES.items()}
    counts = rows.agg(*[F.count_if(condition).alias(n) for n, condition in breaks.items()]).first()
    return {name: n for name, n in counts.asDict().items() if n}


print(broken(unique))
possible = unique.filter(" AND ".join(RULES.values()))

# %% [markdown]
# Until now each decision looked at one row and at rules known beforehand. From here on we learn
# numbers from the data, so this is the moment to split. A hash of the `id` keeps each listing on
# its side, on every machine and however the file grows.

# %% tags=["nbval-check-output"]
in_train = F.crc32("id") % 100 < 80
train, test = possible.filter(in_train).cache(), possible.filter(~in_train).cache()
print(f"{train.count():,} training rows, {test.count():,} test rows")

# %% [markdown]
# ## A profile report
#
# `summary` is silent on texts, gaps and the shape of a column. A profile of the training rows fits
# in one pass over the data:


# %%
def profile(rows):
    """A table with a line per column."""
    def facts(name):
        column = F.col(name)
        return F.struct(
            (F.count("*") - F.count(column)).alias("missing"),
            F.approx_count_distinct(column).alias("distinct (about)"),
            F.left(F.mode(column, True).cast("string"), F.lit(20)).alias("most frequent"),
        ).alias(name)
    row = rows.agg(*map(facts, rows.columns)).first()
    table = pd.DataFrame({name: row[name].asDict() for name in rows.columns}).T
    return table.assign(type=dict(rows.dtypes))


# %% tags=["nbval-check-output"]
report = profile(train)
print(report.to_string())

# %% [markdown]
# Counting distinct values exactly would cost a shuffle for each column; these are estimates with a
# standard error of 5 %. Read the table as a list of questions: is `id` different in each row, as
# far as an estimate can tell? Which columns have gaps? Does one value rule a column?

# %%
local = train.select(NUMBERS).limit(10_000).toPandas()
units = {"price": "$ per night", "latitude": "degrees", "longitude": "degrees",
         "minimum_nights": "nights", "review_scores_rating": "points"}
fig, axes = plt.subplots(3, 3, figsize=(10, 8))
for ax, name in zip(axes.flat, NUMBERS, strict=True):
    local[name].plot.hist(bins=30, ax=ax, ylabel="")
    gaps = report.loc[name, "missing"]
    ax.set_title(f"{name}\n{gaps:,} missing, skewness {local[name].skew():.1f}", fontsize=10)
    ax.ticklabel_format(useOffset=False, style="plain")
    ax.locator_params(axis="x", nbins=4)
    ax.set_xlabel(units.get(name, "number"), fontsize=10)
axes[1, 0].set_ylabel("training rows")
show(fig, alt="Nine small histograms of the numeric columns. The skewness of the price is "
     f"{local['price'].skew():.1f}, that of the rating {local['review_scores_rating'].skew():.1f}.")

# %% [markdown]
# Positive skewness is a tail to the right, negative to the left. Which
# columns are far from that?

# %%
skewness = local.skew()
print("skewness beyond ±1:", ", ".join(skewness[skewness.abs() > 1].index) or "none")

# %% [markdown]
# ## Outliers: two fences
#
# An outlier is possible but far from the rest. Two rules say how far. The first leaves out what is
# more than 3 standard deviations (sd) from the mean. The second takes the quartiles, and goes 1.5
# times their distance (IQR) beyond them.


# %%
def fences(rows, column):
    """Two pairs of limits for a column, learned from `rows`."""
    mean, sd = rows.select(F.avg(column), F.stddev(column)).first()
    q1, q3 = rows.approxQuantile(column, [0.25, 0.75], 0)
    reach = 1.5 * (q3 - q1)
    return pd.DataFrame({"3 sd": [mean - 3 * sd, mean + 3 * sd],
                         "IQR": [q1 - reach, q3 + reach]}, index=["low", "high"])


# %% [markdown]
# **Predict:** which rule is stricter with the prices, and does that hold for their logarithms?

# %% tags=["nbval-check-output"]
logs = train.select(F.log("price").alias("log_price"))
prices = train.select("price").toPandas()["price"]
limits = {"price": fences(train, "price"), "log(price)": np.exp(fences(logs, "log_price"))}
for scale, table in limits.items():
    for rule, (low, high) in table.items():
        outside = (~prices.between(low, high)).mean()
        print(f"{scale:10} {rule:4} from ${low:7.0f} to ${high:6.0f}: {outside:6.2%} outside")

# %%
fig, axes = plt.subplots(2, 1, figsize=(9, 6), sharex=True)
bins = np.geomspace(prices.min(), prices.max(), 60)
for ax, (scale, table) in zip(axes, limits.items(), strict=True):
    ax.hist(prices, bins=bins, color="#B0B0B0")
    for (_, places), look in zip(table.items(), ("C1--", "C0-"), strict=True):
        for place in places[places > 0]:  # a logarithmic axis has no place for the others
            ax.axvline(place, color=look[:2], linestyle=look[2:])
    sd, iqr = (f"{low:.0f} to {high:.0f}" for low, high in table.T.to_numpy())
    ax.set(title=f"Learned from {scale}: 3 sd {sd} (dashed), IQR {iqr} (solid)",
           ylabel="training rows", xscale="log")
axes[1].set_xlabel("price ($ per night, log scale)")
upper = {scale: table.loc["high"].round().tolist() for scale, table in limits.items()}
show(fig, alt="Two histograms of the price on a logarithmic axis with fences as vertical lines. "
     f"Upper fences (3 sd, IQR) in dollars: {upper}.")

# %% [markdown]
# Both rules assume that the two sides look alike. A price has a long upper side and can't be
# negative, so a low fence below zero catches nothing. On the log scale the sides are more alike,
# and both fences mean something.
#
# One more difference. **Predict:** let one price in 200 be wrong by a factor of 100. Which fence
# moves more?

# %% tags=["nbval-check-output"]
wrong = F.when(F.crc32("id") % 200 == 0, F.col("price") * 100).otherwise(F.col("price"))
spoiled = fences(train.withColumn("price", wrong), "price")
for rule in spoiled:
    was, now = limits["price"].loc["high", rule], spoiled.loc["high", rule]
    print(f"{rule:4} upper fence: ${was:,.0f}, with errors ${now:,.0f}")

# %% [markdown]
# The errors widen the very fence that should catch them. Quartiles hardly notice. So: 3 sd for
# symmetric columns that are clean, IQR else.
#
# And then? What cannot be, goes. What is merely rare is the market as it is: keep it, perhaps with
# a flag or on a log scale. Never remove test rows because their price is unusual: the model will
# meet such listings too.
#
# ## What is missing, and does it mean something?
#
# Where are ratings missing, and do these listings cost the same as others?

# %%
gap = F.when(F.col("review_scores_rating").isNull(), "without rating").otherwise("with rating")
train.groupBy(gap.alias("listing")).agg(
    F.count("*").alias("rows"), F.median("price").alias("median price"),
    F.round(F.avg("number_of_reviews"), 1).alias("mean reviews")).orderBy("listing").show()

# %% [markdown]
# If the rows differ, the gap itself is a fact about a listing, and filling it hides that fact. So
# an **indicator** column comes first: 1 where the value is missing, else 0.
#
# ## Mean, median or mode?
#
# A filled value is a guess. We learn three guesses from the known ratings of the training rows and
# try them on the known ratings of the test rows. **Predict:** which one wins?

# %%
rating = F.col("review_scores_rating")
guesses = train.agg(F.avg(rating).alias("mean"), F.median(rating).alias("median"),
                    F.mode(rating, True).alias("mode")).first().asDict()
miss = test.select(rating).dropna().toPandas()["review_scores_rating"]
tried = pd.DataFrame({name: {"guess": guess,
                             "RMSE": ((miss - guess) ** 2).mean() ** 0.5,
                             "MAE": (miss - guess).abs().mean(),
                             "exactly right": (miss == guess).mean()}
                      for name, guess in guesses.items()}).T

# %% tags=["nbval-check-output"]
print(tried.round(2).to_string())
print(f"Least RMSE: {tried['RMSE'].idxmin()}. Least MAE: {tried['MAE'].idxmin()}. "
      f"Most often right: {tried['exactly right'].idxmax()}.")

# %% [markdown]
# Each is best at what it is made for. The **mean** keeps squared errors and the sum small: take it
# where both sides look alike. The **median** keeps typical errors small and ignores extremes: take
# it for skewed columns. The **mode** is right most often and always a value that exists: take it
# for categories and small whole numbers.

# %%
known = local["review_scores_rating"].dropna().sort_values()
fig, ax = plt.subplots()
ax.hist(known[known >= known.quantile(0.05)], bins=40, color="#B0B0B0")
for (name, guess), style in zip(guesses.items(), ("-", "--", ":"), strict=True):
    ax.axvline(guess, color="black", linestyle=style, label=f"{name}: {guess:.4g}")
ax.set(title="Three ways to name one rating", xlabel="rating (lowest 5 % not shown)",
       ylabel="training rows")
ax.legend(loc="upper left")
said = ", ".join(f"{name} {guess:.4g}" for name, guess in guesses.items())
show(fig, alt=f"Histogram of the known ratings with three vertical lines: {said}.")

# %% [markdown]
# ## Transformer and estimator
#
# An indicator needs nothing but its own row: `SQLTransformer` is a **transformer**. A median has to
# be learned: `Imputer` (strategy mean, median or mode) is an **estimator**, and its `fit` returns a
# transformer, the model.

# %% tags=["nbval-check-output"]
GAPS = ["bedrooms", "beds", "review_scores_rating"]
flags = ", ".join(f"CAST({c} IS NULL AS DOUBLE) AS {c}_na" for c in GAPS)
flag = SQLTransformer(statement=f"SELECT *, {flags} FROM __THIS__")
fill = Imputer(strategy="median", inputCols=GAPS, outputCols=GAPS)
for stage in (flag, fill, fill.fit(train)):
    print(f"{type(stage).__name__:15} is a transformer: {isinstance(stage, Transformer)}")

# %% [markdown]
# Who forgets `fit` finds out soon:

# %% tags=["nbval-check-output"]
try:
    fill.transform(train)
except AttributeError as error:
    print(error)

# %% [markdown]
# A pipeline keeps the stages in order. **Predict:** what do the indicators count if filling comes
# first?


# %% tags=["nbval-check-output"]
def flagged(stages):
    """How many training ratings the indicator marks after these stages."""
    filled = Pipeline(stages=stages).fit(train).transform(train)
    return int(filled.agg(F.sum("review_scores_rating_na")).first()[0])


print(f"indicator first: {flagged([flag, fill]):,} marked, filled first: {flagged([fill, flag]):,}")

# %% [markdown]
# Filled first, no gap is left to mark, and no error says so.
#
# ## Split first, fill afterwards
#
# Everything that has a `fit` learns from training rows only. Otherwise the test rows help to choose
# the value that they are then tested with. How much does that flatter? We play it 4,000 times for
# small and large files: 80 % of some known ratings teach a mean, and the rest tests it.


# %%
def flattery(n, rounds=4_000):
    """By which share the squared test error shrinks when all n rows teach the mean."""
    rows = np.random.default_rng(4).choice(known.to_numpy(), (rounds, n))
    test_rows, train_rows = rows[:, : n // 5], rows[:, n // 5 :]
    def error(mean):
        return ((test_rows - mean[:, None]) ** 2).mean()
    leaky, honest = error(rows.mean(axis=1)), error(train_rows.mean(axis=1))
    return 1 - leaky / honest


# %% tags=["nbval-check-output"]
for n in (10, 50, 1_000):
    print(f"{n:5,} rows: squared error looks {flattery(n):6.2%} smaller than it is")

# %% [markdown]
# With one number from many rows the leak is tiny; with few rows, or with a number for each
# neighborhood, it is not. Splitting first costs nothing. The table of the other lessons follows a
# published file that was filled before any split: its medians come from all rows.

# %% tags=["nbval-check-output"]
model = Pipeline(stages=[flag, fill]).fit(train)
clean_train, clean_test = model.transform(train), model.transform(test)
for name, rows in {"train": clean_train, "test": clean_test}.items():
    gaps = rows.count() - rows.select(GAPS).dropna().count()
    print(f"{name}: {len(rows.columns)} columns, {gaps} rows with a gap in {', '.join(GAPS)}")

# %% [markdown]
# `Imputer` works on numbers only. For a text column, the mode takes one line, learned from the
# training rows as well; a category of its own, "unknown", is the other choice.

# %% tags=["nbval-check-output"]
usual = {"host_is_superhost": train.agg(F.mode("host_is_superhost", True)).first()[0]}
clean_train, clean_test = clean_train.fillna(usual), clean_test.fillna(usual)
print("filled with", usual)

# %% [markdown]
# ## A table that stays clean
#
# Next week's file will have new defects. Delta can hold the rules: a `CHECK` constraint is tested
# for every row of every write.

# %%
table = make_work_dir("04_data_cleansing") + "/train"
clean_train.write.format("delta").save(table)
for name, rule in RULES.items():
    spark.sql(f"ALTER TABLE delta.`{table}` ADD CONSTRAINT {name} CHECK ({rule})")


# %%
def state():
    """The table's version and its rows."""
    version = spark.sql(f"DESCRIBE HISTORY delta.`{table}` LIMIT 1").first()["version"]
    return version, spark.read.format("delta").load(table).count()


def append(batch):
    """Append the batch, or say in one line why not."""
    try:
        batch.write.format("delta").mode("append").save(table)
        return "accepted"
    except Exception as error:
        return "refused: " + str(error).split("] ", 1)[-1].split(" violated")[0]


# %% [markdown]
# The test rows play next week's batch, in which one listing is free. **Predict:** are the others
# appended?

# %% tags=["nbval-check-output"]
coming = clean_test.cache()
first_id = coming.agg(F.min("id")).first()[0]
free = F.when(F.col("id") == first_id, 0.0).otherwise(F.col("price"))
one_free = coming.withColumn("price", free)
before = state()
print(append(one_free))
print("table unchanged:", state() == before)

# %% [markdown]
# One bad row stops its whole batch, and the table is what it was. Another week the scraper loses
# the decimal point, and all prices are 100 times as high. **Predict:** which rule does that break?

# %% tags=["nbval-check-output"]
in_cents = coming.withColumn("price", F.col("price") * 100)
print("rules broken:", broken(in_cents) or "none")

# %% [markdown]
# None, because each of these rows could be true by itself. What concerns the batch as a whole needs
# **expectations** that look at all of it before anything is written.


# %%
EXPECTED = {"median price": F.median("price"),
            "share without rating": F.avg("review_scores_rating_na")}
usual = clean_train.agg(*EXPECTED.values()).first()


def unexpected(batch):
    """The measures of the batch that are below half or above twice the usual."""
    found = batch.agg(*EXPECTED.values()).first()
    return [what for what, f, u in zip(EXPECTED, found, usual, strict=True)
            if not u / 2 <= f <= 2 * u]


# %% tags=["nbval-check-output"]
for name, batch in {"one is free": one_free, "in cents": in_cents, "as it is": coming}.items():
    reasons = [*broken(batch), *unexpected(batch)]
    print(f"{name}: {f'refused for {reasons}' if reasons else append(batch)}")
print("rows added:", state()[1] - before[1] == coming.count())

# %% [markdown]
# Both bad batches stay out, the good one gets in, and the constraints remain as the last guard for
# whoever writes without asking. (The test rows were a stand-in; a real training table must not get
# them.)
#
# ## What you know now
#
# - Reader options decide which rows you get, conversions which values: count before and after.
# - What cannot be is removed by rules. What is rare has fences, from quartiles where a column is
#   skewed; it is flagged rather than removed.
# - After the split: indicator first, then mean, median or mode, learned from training rows by an
#   estimator and applied by its model to both sides.
# - Constraints guard each row of a table, expectations a batch as a whole.
#
# **Check yourself:** a colleague fills the gaps, then splits, and reports the same test error as
# you. Is the order unimportant, then?
#
# **Next:** the lab, where a second city's file has other defects. Then lesson 05 looks at the clean
# table.
