# %% [markdown]
# # 05 · Data exploration, lab
#
# **The question of this lab:** what do the listings look like before any model sees them, and how
# good is the best guess that needs no model?
#
# - **Time:** 30 minutes; this lesson is a lab without a demo
# - **You will:** see the shape of the price and what the logarithm makes of it; test whether two
#   categories, or two numbers, belong together; put prices on a map; compute the baselines that
#   every later model has to beat
# - **Before you start:** these tools, and where you saw them: `groupBy`, `agg`, `withColumn` and
#   `toPandas` (lesson 01), train and test rows (03), `F.log`, `F.median` and `approxQuantile` (04).
#   New here and explained below: `F.skewness`, `crosstab`, the chi-square test and rank
#   correlation of scipy, `corr` and `Correlation` of Spark. `VectorAssembler` gets a line in
#   question 4, and lesson 06 explains it
# - **Data:** `listings`, one row per place to rent, with its price per night in dollars
#
# Replace each `...` with your code, run the cell, then run the check below it. `lab.q1.hint()`
# gives a hint, and the next one when you call it again. Keep all digits of a number, and round only
# what you print: a rounded answer does not pass.

# %%
import matplotlib.pyplot as plt
import numpy as np
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, get_truth, load_split, open_lab, show

spark = get_spark("05_data_exploration_lab")
lab = open_lab("05")

# %% [markdown]
# If you look at the test rows while you choose what to do, you have used them. So everything below
# is about the training rows, until the last question.

# %% tags=["nbval-check-output"]
train, test = (side.cache() for side in load_split("listings"))
print(f"{train.count():,} training rows to look at, {test.count():,} test rows to leave alone")

# %% [markdown]
# ## Question 1 · The shape of the price
#
# A bar chart of counts shows how prices are distributed. Millions of rows do not fit into Python,
# but their counts do: let Spark count, and bring only the result with `toPandas()`.
#
# - `bars`: a **pandas** frame of the training rows with the columns `dollars`, the lower end of a
#   step of 50 dollars (0, 50, 100, …), and `listings`, how many prices are in that step. A price
#   of 99 belongs to the step 50, and one of 100 to the step 100. Empty steps may be left out
# - `mean_price` and `median_price`: the mean and the exact median of the training prices
#
# **Predict** first: which of the two is higher, and why? This function draws your result.


# %%
def draw_bars(bars, mean, median):
    """Listings per step of 50 dollars, with mean and median as lines."""
    fig, ax = plt.subplots()
    ax.bar(bars["dollars"], bars["listings"], width=50, align="edge", edgecolor="white")
    ax.axvline(mean, color="black", linestyle="--", label=f"mean ${mean:.0f}")
    ax.axvline(median, color="black", linestyle=":", label=f"median ${median:.0f}")
    ax.set(xlim=(0, 1_000), xlabel="price ($ per night)", ylabel="listings per 50 dollars")
    ax.set_title("Prices up to 1,000 dollars")
    ax.legend()
    show(fig, alt="Bar chart of listings per 50 dollars of price. The tallest bar starts at "
         f"${bars.loc[bars['listings'].idxmax(), 'dollars']:.0f}; mean ${mean:.0f}, median "
         f"${median:.0f}; the last step starts at ${bars['dollars'].max():.0f}.")


# %% [markdown]
# Your turn:

# %% answer="q1"
# TODO q1: a small pandas frame and two numbers. Then: draw_bars(bars, mean_price, median_price)
### STUB bars = ...
### STUB mean_price = ...
### STUB median_price = ...
### BEGIN SOLUTION
step = (F.floor(F.col("price") / 50) * 50).alias("dollars")
bars = train.groupBy(step).agg(F.count("*").alias("listings")).orderBy("dollars").toPandas()
mean_price, median_price = train.agg(F.mean("price"), F.median("price")).first()
draw_bars(bars, mean_price, median_price)
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# A few very expensive listings pull the mean to their side. The median only counts listings above
# and below it, so it does not change when an expensive listing becomes more expensive. If you must
# name one typical price, take the median. A model that minimizes squared errors aims at the mean.
#
# ## Question 2 · The logarithm
#
# Prices differ by factors: one place costs twice as much as another, rather than 100 dollars more.
# A logarithm turns factors into sums, and often turns a long right tail into something like a bell.
#
# - `log_train`: a Spark frame of the training rows with all their columns and one more,
#   `log_price`, the natural logarithm of `price`
# - `skew_price` and `skew_log`: the skewness of `price` and of `log_price`. `F.skewness` computes
#   it: 0 means symmetric, and a positive number means a tail to the right

# %%
def draw_both(rows):
    """Histograms of the price and of its logarithm."""
    seen = rows.select("price", "log_price").toPandas()
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.6))
    titles = [f"{name}: skewness {seen[name].skew():.1f}" for name in seen]
    for ax, name, title in zip(axes, seen, titles, strict=True):
        ax.hist(seen[name], bins=40)
        ax.set(title=title, ylabel="listings")
    axes[0].set_xlabel("$ per night")
    axes[1].set_xlabel("logarithm of $ per night")
    show(fig, alt=f"Two histograms with 40 bins each. {'; '.join(titles)}.")


# %% [markdown]
# **Predict:** which number will the skewness be close to after the logarithm?

# %% answer="q2"
# TODO q2: a frame with a column more, and two numbers. Then: draw_both(log_train)
### STUB log_train = ...
### STUB skew_price = ...
### STUB skew_log = ...
### BEGIN SOLUTION
log_train = train.withColumn("log_price", F.log("price"))
skew_price, skew_log = log_train.agg(F.skewness("price"), F.skewness("log_price")).first()
draw_both(log_train)
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · Two categories
#
# Does the type of room go with other categories? Count how often each pair of categories occurs.
# A chi-square test tells you how often chance alone would give such counts, or stranger ones, if
# the two had nothing to do with each other. That share is the **p-value**: a small one means "hard
# to explain by chance". It does not tell you how strong the relation is. **Cramér's V** does, from
# 0 (no relation) to 1 (one category decides the other):
#
# $$V = \sqrt{\frac{\chi^2}{n\,(k - 1)}}$$
#
# where $n$ is the number of rows, and $k$ the number of categories of the column that has fewer of
# them.

# %%
from scipy import stats

# %% [markdown]
# These are the categories, and the counts of one pair. `kinds` holds the training rows.

# %%
guests = F.col("accommodates")
size = F.when(guests <= 2, "1-2").when(guests <= 4, "3-4").otherwise("5 or more")
half = F.when(F.col("bathrooms") % 1 > 0, "yes").otherwise("no")  # 1.5: one without a shower
CATEGORIES = ["size", "host_is_superhost", "half_bath"]
kinds = train.withColumns({"size": size, "half_bath": half})
kinds = kinds.select("room_type", *CATEGORIES).cache()
kinds.crosstab("room_type", "size").show()

# %% [markdown]
# For `room_type` and each name in `CATEGORIES`, all from the frame `kinds`:
#
# - `p_values`: a dict from name to p-value
# - `cramers_v`: a dict from name to V
# - `related`: a list of the names for which "nothing to do with each other" is hard to believe:
#   p below 0.01
#
# `stats.chi2_contingency` of scipy takes a table of counts and returns chi-square, p and more.
# `crosstab` makes such a table; its first column holds the names of the rows, so leave that one
# out. Spark has a test of its own, `ChiSquareTest`.

# %% answer="q3"
# TODO q3: {name: p}, {name: V}, [name, …]
### STUB p_values = ...
### STUB cramers_v = ...
### STUB related = ...
### BEGIN SOLUTION
p_values, cramers_v = {}, {}
for name in CATEGORIES:
    counts = kinds.crosstab("room_type", name).drop(f"room_type_{name}").toPandas()
    chi2, p_values[name], *_ = stats.chi2_contingency(counts)
    cramers_v[name] = (chi2 / (counts.to_numpy().sum() * (min(counts.shape) - 1))) ** 0.5
    print(f"{name:18} p = {p_values[name]:7.2g}   V = {cramers_v[name]:.2f}")
related = [name for name, p in p_values.items() if p < 0.01]
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# Is there a name in `related` with a V below 0.1? Then you have seen a relation that is hard to
# explain by chance, yet too weak to matter for most purposes. With thousands of rows even a weak
# relation can get a tiny p. Look at V before you call a relation strong, and at p before you trust
# V.
#
# ## Question 4 · Two numbers
#
# Do places for more guests cost more? Pearson's correlation measures how close two columns are
# to a straight line. Spearman's correlation is Pearson's correlation of their ranks, so it measures
# only whether both rise together. For `accommodates` and `price`, in the training rows:
#
# - `pearson`: Pearson's correlation of `accommodates` and `price`
# - `pearson_log`: Pearson's correlation of `accommodates` and the logarithm of `price`
# - `spearman`: Spearman's correlation of `accommodates` and `price`
#
# `train.corr` computes Pearson's. For Spearman's, use `stats.spearmanr` of scipy, or stay in Spark:
# `VectorAssembler` puts both columns into one vector column, and `Correlation.corr` takes that.

# %%
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.stat import Correlation

# %% [markdown]
# **Predict:** would Spearman's number change if every price were replaced by its logarithm?

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: three numbers between -1 and 1.
### STUB pearson = ...
### STUB pearson_log = ...
### STUB spearman = ...
### BEGIN SOLUTION
pearson = train.corr("accommodates", "price")
pearson_log = train.withColumn("log", F.log("price")).corr("accommodates", "log")
both = VectorAssembler(inputCols=["accommodates", "price"], outputCol="both").transform(train)
spearman = Correlation.corr(both, "both", "spearman").first()[0][0, 1]
print(f"Pearson {pearson:.3f}, with log(price) {pearson_log:.3f}; Spearman {spearman:.3f}")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# Extreme prices weigh heavily in Pearson's correlation, while ranks do not show how extreme a price
# is. A logarithm leaves the order of prices as it is, so ranks and Spearman's correlation stay the
# same. Pearson's may rise or fall: the logarithm takes weight from extreme prices, which tends to
# raise it, and it bends what was straight in dollars, which lowers it. The check's note tells you
# which effect was larger here.
#
# ## Question 5 · Prices on a map
#
# Latitude and longitude are all that a map needs. This function draws the city in gray and
# returns its axes, to draw on.

# %%
def draw_city():
    """Axes with a part of the training rows as gray dots, longitude to the right."""
    where = train.select("longitude", "latitude").limit(2_000).toPandas()
    ax = plt.figure(figsize=(7, 6)).add_subplot()
    ax.plot(where["longitude"], where["latitude"], ".", color="0.85", markersize=3, zorder=0.6)
    ax.set(xlabel="longitude (degrees)", ylabel="latitude (degrees)")
    ax.ticklabel_format(useOffset=False)
    ax.locator_params(axis="x", nbins=5)
    ax.set_aspect(1 / np.cos(np.radians(where["latitude"].mean())), adjustable="datalim")
    return ax


# %% [markdown]
# - `by_place`: a **pandas** frame with one row per `neighbourhood_cleansed` of the training rows,
#   and the columns `listings` (how many), `median_price`, and `latitude` and `longitude` (the
#   means of its listings)
# - `ax`: the axes from `draw_city()`, on which `ax.scatter` draws one dot per neighborhood at its
#   place, with the median price as its color (`c=`). Let the size (`s=`) say how many listings
#   there are
#
# End the cell with `show(ax, alt="…")`, and write into `alt` what the map shows, for people who
# cannot see it.

# %% answer="q5"
# TODO q5: a small pandas frame, and axes with a dot for each of its rows.
### STUB by_place = ...
### STUB ax = ...
### BEGIN SOLUTION
by_place = train.groupBy("neighbourhood_cleansed").agg(
    F.count("*").alias("listings"), F.median("price").alias("median_price"),
    F.mean("latitude").alias("latitude"), F.mean("longitude").alias("longitude"),
).toPandas()
ax = draw_city()
dots = ax.scatter(by_place["longitude"], by_place["latitude"], s=by_place["listings"],
                  c=by_place["median_price"], edgecolors="black", linewidths=0.5)
ax.figure.colorbar(dots, label="median price ($ per night)")
highest = by_place[by_place["listings"] >= 20].nlargest(3, "median_price")
for place in highest.itertuples():
    ax.annotate(f"${place.median_price:.0f}", (place.longitude, place.latitude),
                xytext=(6, 4), textcoords="offset points")
ax.set_title("Median price by neighborhood; dot size: listings")
show(ax, alt="Map of neighborhoods as dots, colored by median price, sized by listings. The "
     f"highest with 20 listings or more: {', '.join(highest['neighbourhood_cleansed'])}.")
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Question 6 · The baselines
#
# Now use the test rows, once. Without a model you can still predict: give every listing the same
# price. Here are three such constants, all learned from the **training** rows:
#
# - `"mean"`: the mean price
# - `"median"`: the exact median price
# - `"log mean"`: the mean of log(price), taken back to dollars with the exponential function
#
# Make two dicts from these three names to an error in **dollars** on the **test** rows: `rmse`,
# the root of the mean squared error, and `mae`, the mean absolute error. **Predict:** which
# constant will have the lowest RMSE, and which the lowest MAE?

# %% answer="q6" tags=["nbval-check-output"]
# TODO q6: {"mean": …, "median": …, "log mean": …}, twice.
### STUB rmse = ...
### STUB mae = ...
### BEGIN SOLUTION
constants = train.agg(
    F.mean("price"), F.median("price"), F.exp(F.mean(F.log("price")))
).first()
rmse, mae = {}, {}
for name, constant in zip(("mean", "median", "log mean"), constants, strict=True):
    error = F.col("price") - constant
    rmse[name], mae[name] = test.agg(F.sqrt(F.mean(error**2)), F.mean(F.abs(error))).first()
    print(f"always ${constant:6.2f} ({name:8})  RMSE ${rmse[name]:.2f}   MAE ${mae[name]:.2f}")
### END SOLUTION

# %% check="q6"
lab.q6.check()

# %% [markdown]
# On the rows that a constant was learned from, the mean always has the lowest RMSE and the median
# the lowest MAE. On new rows that is likely, but not certain. The model of lesson 06 has to beat
# these numbers. How low can the error of any model get? For generated prices that is known.

# %% tags=["nbval-check-output"]
truth = get_truth("listings")
if truth is None:
    print("These are real prices: nobody knows how good a model could be.")
else:
    floor = truth.price_noise_floor(test.toPandas())
    print(f"No model can expect an RMSE below ${floor:.0f} on these test rows.")

# %% [markdown]
# ## Where you stand

# %%
lab.summary()

# %% [markdown]
# ## What you know now
#
# - Prices have a long right tail. It pulls the mean up, and a logarithm removes most of it.
# - Two categories are compared by counts: chi-square gives evidence, and V the strength. Two
#   numbers are compared by Pearson's correlation (a straight line) or Spearman's (rising together).
# - Spark makes a small result of a large table, and only this comes to Python and onto a map.
# - A baseline is learned from training rows and judged on test rows, in dollars.
#
# **Check yourself:** does the p-value of a relation get smaller with more rows? Does V?
#
# **Exam:** plots for categories and for numbers; comparing two categorical or two continuous
# features with the right method; when a log transform fits; the regression metrics RMSE and MAE;
# exponentiating predictions of a logarithm before computing a metric.
#
# **Next:** the quiz below, then lesson 06: a line that has to beat these baselines.

# %%
ask_quiz("05")
