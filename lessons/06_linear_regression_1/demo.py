# %% [markdown]
# # 06 · Linear regression I
#
# **The question of this notebook:** what does a straight line know about the price of a listing,
# how wrong is it, and when may you believe it?
#
# - **Time:** 30 minutes; the lab takes 20 more
# - **You will:** fit a line and read its errors; compute RMSE, MAE and R² by hand and judge them
#   against a baseline; test the four assumptions; say how Spark solves it and when another tool
#   is faster
# - **Before you start:** DataFrames as in lesson 01
# - **Data:** `listings`, one row per place to rent, with its price per night in dollars
# - **Exam:** 2025-28, 2025-30, 2025-39; earlier guide S3 and S4

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.errors import IllegalArgumentException
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F
from scipy import stats

from course_utils import get_spark, get_truth, load_split, measure, show

spark = get_spark("06_linear_regression_1")

# %% [markdown]
# ## The guess to beat
#
# The split is stored on disk, so every run and every machine has the same rows in each part. The
# test rows play the future: nothing may be learned from them.

# %% tags=["nbval-check-output"]
train, test = load_split("listings")
print(f"{train.count():,} listings to learn from, {test.count():,} kept aside")

# %% [markdown]
# **Predict:** you must name one price for all test listings. Which one, and how many dollars will
# you typically be off?

# %% tags=["nbval-check-output"]
mean_price = train.agg(F.avg("price")).first()[0]
baseline = test.agg(F.sqrt(F.avg((F.col("price") - mean_price) ** 2))).first()[0]
print(f"Always ${mean_price:.2f}: RMSE ${baseline:.2f}")

# %% [markdown]
# RMSE is the root of the mean squared error: an error in dollars, in which large misses weigh
# most. A model that does not beat this number has learned nothing.
#
# ## A line of best fit
#
# The simplest model is a line, price = slope · bedrooms + intercept. Spark's `LinearRegression`
# is given the column:

# %% tags=["nbval-check-output"]
try:
    LinearRegression(featuresCol="bedrooms", labelCol="price").fit(train)
except IllegalArgumentException as error:
    print(str(error)[:83])

# %% [markdown]
# It refuses a plain number. All of Spark ML reads its inputs from one column of vectors, however
# many there are, and `VectorAssembler` makes that column.

# %%
assembler = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
assembler.transform(train).select("bedrooms", "features", "price").show(3)

# %% [markdown]
# The assembler is a *transformer*: it adds a column and learns nothing. `LinearRegression` is an
# *estimator*: its `fit` learns from rows and returns a model, which is a transformer again.

# %% tags=["nbval-check-output"]
model = LinearRegression(labelCol="price").fit(assembler.transform(train))
slope, intercept = model.coefficients[0], model.intercept
print(f"price = {slope:.2f} · bedrooms + {intercept:.2f}")

# %% [markdown]
# Each further bedroom goes with that many dollars more; the intercept is the line's price of a
# studio. "Goes with" is all it says: places with more bedrooms also have more beds.
#
# ## Residuals
#
# A residual is what the line leaves over: price minus prediction. Here are 40 listings with theirs;
# bars are predictions.

# %%
scored = model.transform(assembler.transform(train))
few = scored.orderBy(F.hash("latitude", "longitude")).limit(40).toPandas()
rooms, predicted = few["bedrooms"], few["prediction"]
x = rooms + np.linspace(-0.3, 0.3, 40)  # side by side, not on top of each other
fig, ax = plt.subplots()
ax.vlines(x, predicted, few["price"], color="C1", linewidth=1, label="residual")
ax.plot(x, few["price"], "o", label="listing")
ax.hlines(predicted, rooms - 0.35, rooms + 0.35, color="black", linewidth=2, label="prediction")
ax.plot(rooms.sort_values(), predicted.sort_values(), ":", color="black", label="the line")
ax.set(title="A residual ties each listing to its prediction", xlabel="bedrooms",
       ylabel="price ($)", xticks=range(int(rooms.max()) + 2))
ax.legend()
show(fig, alt=f"Scatter plot of 40 listings, price in dollars over bedrooms, the fitted line of "
     f"{slope:.0f} dollars per bedroom, a level bar on it at each number of bedrooms, and a "
     "vertical residual from each listing to its bar.")

# %% [markdown]
# ## Which line is best?
#
# That depends on the *loss*, the one number made of all residuals. With squares, a miss of 200
# dollars weighs four times as much as one of 100; with absolute values twice. **Predict:** do
# both losses choose the same slope?

# %%
rooms, price = train.select("bedrooms", "price").toPandas().to_numpy().T
losses = pd.DataFrame(index=pd.Index(np.linspace(0, 2 * slope, 101), name="slope"))
rest = [price - s * rooms for s in losses.index]  # without the best intercept, which comes next
losses["RMSE"] = [np.sqrt(np.mean((r - r.mean()) ** 2)) for r in rest]
losses["MAE"] = [np.mean(abs(r - np.median(r))) for r in rest]

# %%
best = losses.idxmin()
titles = [f"{name} is least at ${best[name]:.0f} per bedroom" for name in losses]
axes = losses.plot(subplots=True, layout=(1, 2), figsize=(10, 4.2), title=titles, legend=False,
                   xlabel="slope ($ per bedroom)", ylabel="loss ($)")
for ax, name in zip(axes[0], losses, strict=True):
    ax.axvline(best[name], color="black", linewidth=1)
show(axes[0, 0], alt="Two bowl-shaped curves of the loss over the slope, the bottom of each "
     f"marked by a line. {titles[0]}; {titles[1]}.")

# %% [markdown]
# Spark minimizes squares, so its slope is at the bottom of the left bowl. A few very expensive
# listings pull squares far more than absolute values.
#
# ## RMSE, MAE and R² by hand
#
# With residuals $e_i = y_i - \hat y_i$ and $\bar y$ the mean of the $n$ test prices:
#
# $$\text{RMSE} = \sqrt{\tfrac1n \sum e_i^2} \qquad \text{MAE} = \tfrac1n \sum |e_i| \qquad
# R^2 = 1 - \frac{\tfrac1n \sum e_i^2}{\tfrac1n \sum (y_i - \bar y)^2}$$
#
# R² is the share of the squared error that the line takes away from somebody who knows only the
# mean. Its denominator is the variance of the prices.

# %%
scored_test = model.transform(assembler.transform(test))
e = F.col("price") - F.col("prediction")
hand = scored_test.agg(F.avg(e**2).alias("mse"), F.avg(F.abs(e)).alias("mae"),
                       F.avg("price").alias("mean"), F.var_pop("price").alias("variance")).first()

# %% [markdown]
# A root and a division remain. The evaluator does it all, given label and prediction.

# %% tags=["nbval-check-output"]
by_hand = {"rmse": hand["mse"] ** 0.5, "mae": hand["mae"], "r2": 1 - hand["mse"] / hand["variance"]}
for name, value in by_hand.items():
    evaluator = RegressionEvaluator(labelCol="price", metricName=name)
    print(f"{name:4}  by hand {value:8.3f}   evaluator {evaluator.evaluate(scored_test):8.3f}")

# %% [markdown]
# They agree. RMSE is never below MAE; the wider the gap, the more of the error sits in a few large
# misses.
#
# **Predict:** what is R² of a perfect model, of the mean, and of calling everything free? Can it
# be negative?

# %% tags=["nbval-check-output"]
guesses = {
    "the price itself": F.col("price"),
    "the line": F.col("prediction"),
    "the mean": F.lit(hand["mean"]),
    "everything is free": F.lit(0.0),
    "the line upside down": 2 * hand["mean"] - F.col("prediction"),
}
r2 = RegressionEvaluator(labelCol="price", predictionCol="guess", metricName="r2")
for name, guess in guesses.items():
    print(f"{name:22}{round(r2.evaluate(scored_test.withColumn('guess', guess)), 3) + 0.0:6.3f}")

# %% [markdown]
# One is the ceiling, the mean gets zero, and there is no floor: in spite of its name, R² is on new
# rows no square of anything.
#
# ## Train and test
#
# A model has seen the answers of its training rows. **Predict:** fitted with six columns to 30
# rows or to all, which has the larger gap between training and test error?

# %%
SIX = ["accommodates", "bedrooms", "bathrooms", "minimum_nights", "number_of_reviews",
       "review_scores_rating"]
six = VectorAssembler(inputCols=SIX, outputCol="features")
thirty = train.orderBy(F.hash("latitude", "longitude")).limit(30)
rmse = RegressionEvaluator(labelCol="price")  # RMSE is its default
for name, rows in (("30 rows", thirty), ("all rows", train)):
    fitted = LinearRegression(labelCol="price").fit(six.transform(rows))
    known, new = (rmse.evaluate(fitted.transform(six.transform(r))) for r in (rows, test))
    print(f"{name:9} train RMSE ${known:7.2f}   test RMSE ${new:7.2f}")

# %% [markdown]
# Thirty rows can be followed closely, chance included, and chance does not repeat. With all rows
# little is left to memorize. The rest of the gap is luck: it is negative where the few extreme
# prices fell into the training part.
#
# ## Four assumptions
#
# Coefficients come out of any data. To believe more, above all their standard errors, four things
# should hold, and each shows in the residuals. With thousands of rows a p-value finds the smallest
# deviation (0 is one too small to write): look at sizes first.

# %%
def residuals(scored, label="price"):
    """The scored rows as pandas, with a column `residual`."""
    names = ["bedrooms", "neighbourhood_cleansed", "latitude", "longitude", "prediction"]
    seen = scored.select(*names, label).toPandas()
    return seen.assign(residual=seen[label] - seen["prediction"])


# %% [markdown]
# **Linearity.** At every number of bedrooms the mean residual should be near zero. The
# lack-of-fit test compares how these means stray with how single rows scatter: F is about 1 for a
# true line.

# %%
def lack_of_fit(seen):
    groups = seen.groupby("bedrooms")["residual"].agg(["size", "mean"])
    between = (groups["size"] * groups["mean"] ** 2).sum()
    within = (seen["residual"] ** 2).sum() - between
    k, n = len(groups), len(seen)
    f = (between / (k - 2)) / (within / (n - k))
    return f, stats.f.sf(f, k - 2, n - k)


# %%
def draw_means(by, title, **options):
    means = seen.groupby(by)["residual"].agg(["size", "mean", "sem"])
    means = means[means["size"] >= 10]
    ax = means["mean"].plot(yerr=2 * means["sem"], fmt="o", capsize=3, title=title, **options,
                            xticks=range(len(means)), ylabel="mean residual ($), ± 2 s.e.")
    ax.axhline(0, color="black", linewidth=1)
    low, high = means["mean"].min(), means["mean"].max()
    show(ax, alt=f"{title}. Mean residual with error bars for {len(means)} groups of {by}: from "
         f"{low:.0f} to {high:.0f} dollars, above and below a line at zero.")


# %% [markdown]
# **Predict:** will the line be right for studios, which have no bedroom?

# %%
seen = residuals(scored)
draw_means("bedrooms", "Linearity: F = {:.1f} (p = {:.2g})".format(*lack_of_fit(seen)))

# %% [markdown]
# Where a bar (two standard errors) does not reach zero, the line is systematically wrong.
#
# **Independence.** One residual should say nothing about the next. Sorted by neighborhood, are
# adjacent ones alike? The Durbin–Watson number is 2 for strangers and falls toward 0 as they
# become alike.

# %%
def durbin_watson(seen):
    e = seen.sort_values(["neighbourhood_cleansed", "latitude", "longitude"])["residual"]
    value = (e.diff() ** 2).sum() / (e**2).sum()
    return value, 2 * stats.norm.sf(abs(1 - value / 2) * len(e) ** 0.5)


title = "Independence: Durbin–Watson {:.2f} (p = {:.2g})".format(*durbin_watson(seen))
draw_means("neighbourhood_cleansed", title, figsize=(10, 4.2), rot=90, fontsize=8, xlabel="")

# %% [markdown]
# The further below 2, the more do listings of one neighborhood share what the line does not know;
# standard errors then come out too small.
#
# **Normality.** Residuals should follow a bell curve, which a Q–Q plot draws as a straight line.
# Skewness is 0 for a bell and positive for a long right tail; the Jarque–Bera test adds the weight
# of the tails.

# %%
skewness, p = stats.skew(seen["residual"]), stats.jarque_bera(seen["residual"]).pvalue
(normal, ordered), (scale, center, _) = stats.probplot(seen["residual"])
fig, ax = plt.subplots()
ax.plot(normal, ordered, ".", markersize=3, label="residuals")
ax.plot(normal, scale * normal + center, color="black", label="a bell curve")
ax.set(title=f"Normality: skewness {skewness:.1f} (Jarque–Bera p = {p:.2g})",
       xlabel="quantile of a bell curve (standard deviations)", ylabel="residual ($)")
ax.legend()
show(fig, alt=f"Q–Q plot of the residuals against the straight line of a normal distribution. "
     f"Skewness {skewness:.1f}; the largest residual is {ordered.max():.0f} dollars.")

# %% [markdown]
# **Homoscedasticity**, equal spread: residuals should scatter as widely everywhere. If their size
# grows with the prediction, the rank correlation of both is above 0.

# %%
spread = stats.spearmanr(seen["residual"].abs(), seen["prediction"])
sizes = seen["residual"].abs().groupby(seen["prediction"].round()).agg(["size", "median"])
sizes = sizes[sizes["size"] >= 10]
title = f"Equal spread: rank correlation {spread.statistic:.2f} (p = {spread.pvalue:.2g})"
ax = sizes["median"].plot(style="o-", title=title, xlabel="predicted price ($)",
                          ylabel="median size of the residual ($)", ylim=(0, None))
show(ax, alt=f"{title}. The median size of a residual is ${sizes['median'].iloc[0]:.0f} at the "
     f"lowest prediction and ${sizes['median'].iloc[-1]:.0f} at the highest.")

# %% [markdown]
# Prices tend to act by percent: what doubles a price doubles the miss. That suggests the logarithm,
# which turns factors into sums. **Predict:** which of the four numbers will the same model of
# log(price) bring nearer to its ideal, given in brackets?

# %%
def four_numbers(seen):
    spread = stats.spearmanr(seen["residual"].abs(), seen["prediction"])
    return {
        "linearity: F (1)": lack_of_fit(seen)[0],
        "independence: Durbin–Watson (2)": durbin_watson(seen)[0],
        "normality: skewness (0)": stats.skew(seen["residual"]),
        "equal spread: rank correlation (0)": spread.statistic,
    }


# %% tags=["nbval-check-output"]
logs = assembler.transform(train).withColumn("log_price", F.log("price"))
log_model = LinearRegression(labelCol="log_price").fit(logs)
log_seen = residuals(log_model.transform(logs), "log_price")
numbers = {"price": four_numbers(seen), "log(price)": four_numbers(log_seen)}
print(pd.DataFrame(numbers).round(2).to_string())

# %% [markdown]
# The logarithm is meant for the last two. F falls where a bedroom multiplies the price instead
# of adding to it. No knowledge is added: what the model was never told, such as the neighborhood,
# still ties residuals together. Lesson 07 predicts with this model.
#
# ## Coefficients and the truth
#
# Generated prices follow a known rule, linear in log(price), so coefficients can be compared with
# what was put in. Room type and superhost are parts of the rule, and no numbers. We fit without
# them, then with them as flags, columns of zeros and ones (`review_scores_rating_na` is one: it
# marks filled ratings).

# %%
EIGHT = [*SIX, "review_scores_location", "review_scores_rating_na"]
FLAGS = {"is_private": "room_type = 'Private room'", "is_shared": "room_type = 'Shared room'",
         "is_superhost": "host_is_superhost = 't'"}


def fit_logs(rows, columns):
    flags = {name: F.expr(rule).cast("double") for name, rule in FLAGS.items()}
    rows = rows.withColumns({"log_price": F.log("price"), **flags})
    rows = VectorAssembler(inputCols=columns, outputCol="features").transform(rows)
    return LinearRegression(labelCol="log_price", solver="normal").fit(rows)


# %% [markdown]
# A real file has no known truth; then the same model on the test rows, with errors of its own,
# stands in its place. **Predict:** is the coefficient of *accommodates* right without the flags?

# %%
without, full = fit_logs(train, EIGHT), fit_logs(train, [*EIGHT, *FLAGS])
truth = get_truth("listings")
known = [truth.coefficients[c] for c in EIGHT] if truth else (
    fit_logs(test, [*EIGHT, *FLAGS]).coefficients[:8])

# %% tags=["nbval-check-output"]
table = pd.DataFrame({"without": without.coefficients, "with flags": full.coefficients[:8],
                      "± 2 s.e.": 2 * np.array(full.summary.coefficientStandardErrors[:8]),
                      "truth" if truth else "test rows": known}, index=EIGHT)
print(table.round(4).to_string())

# %% [markdown]
# What is left out moves into the columns that go with it: shared rooms are small, and superhosts
# have better reviews. Such a coefficient predicts, but it is not the price of one more guest. A
# standard error knows chance, not what was left out; by chance alone one coefficient in twenty lies
# outside its two. Neighborhoods are still left out, so more may lie outside, and the error
# stays above the noise.

# %% tags=["nbval-check-output"]
inside = (table["with flags"] - table.iloc[:, -1]).abs() <= table["± 2 s.e."]
print(f"{inside.sum()} of 8 within two standard errors of the column '{table.columns[-1]}'")
print(f"RMSE on training rows: {without.summary.rootMeanSquaredError:.3f} without, "
      f"{full.summary.rootMeanSquaredError:.3f} with flags; "
      f"noise that no model can beat: {truth.sigma if truth else 'not known'}")

# %% [markdown]
# ## How Spark solves it
#
# Least squares has a formula. The *normal equation* for $d$ columns takes one pass over the rows to
# make $d × d$ sums, which the driver solves. *L-BFGS* walks downhill with a pass per step and no
# such matrix. By default Spark uses the formula up to 4096 columns. **Predict:** do both arrive at
# the same place?

# %%
for solver in ("normal", "l-bfgs"):
    fitted = LinearRegression(labelCol="price", solver=solver).fit(six.transform(train))
    print(f"{solver:7} {fitted.summary.totalIterations:3} steps   "
          f"${fitted.coefficients[1]:.4f} per bedroom")
history = pd.Series(fitted.summary.objectiveHistory)
ax = history.plot(style="o-", title=f"L-BFGS: {len(history) - 1} steps downhill",
                  xlabel="step", ylabel="loss (half a mean square, scaled)")
show(ax, alt=f"The loss at each step of L-BFGS falls from {history.iloc[0]:.3f} to "
     f"{history.iloc[-1]:.3f}, most of it in the first steps.")

# %% [markdown]
# The same place, as far as it matters. On a cluster each pass costs, so the formula comes first.
#
# ## spark.ml, spark.mllib or scikit-learn?
#
# `spark.mllib` is the older API, on RDDs and deprecated: it has no formula and walks, by gradient
# descent. scikit-learn needs all rows in one memory. Each gets the same 1,000, 10,000 and 100,000
# rows in its own form, in memory, before the clock starts.

# %%
import warnings

from pyspark.mllib.regression import LabeledPoint, LinearRegressionWithSGD
from sklearn.linear_model import LinearRegression as ScikitRegression

warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark.mllib")

# %%
def contestants(n):
    numbers = [F.randn(seed).alias(name) for seed, name in enumerate(("a", "b", "noise"))]
    frame = spark.range(n).select(*numbers).selectExpr("a", "b", "3*a - 2*b + noise AS label")
    local = frame.toPandas()
    vectors = VectorAssembler(inputCols=["a", "b"], outputCol="features").transform(frame).cache()
    points = frame.rdd.map(lambda row: LabeledPoint(row[2], row[:2])).cache()
    vectors.count(), points.count()
    return {
        "scikit-learn": lambda: ScikitRegression().fit(local[["a", "b"]], local["label"]),
        "spark.ml": lambda: LinearRegression().fit(vectors),
        "spark.mllib": lambda: LinearRegressionWithSGD.train(
            points, iterations=10, initialWeights=[0.0, 0.0]),
    }


# %% [markdown]
# **Predict:** who wins at 1,000 rows, and who at 100,000? A first run warms up.

# %%
def race(n):
    fits = contestants(n)
    models.update({name: fit() for name, fit in fits.items()})
    return {name: measure(fit, repeats=1).median for name, fit in fits.items()}


models = {}  # those of the last race
times = pd.DataFrame({n: race(n) for n in (1_000, 10_000, 100_000)}).T
print(times.round(4).to_string())
for n, row in times.iterrows():
    print(f"{n:7,} rows: {row.idxmin()} is first; {row.nsmallest(2).index[1]} is next and takes "
          f"{row.nsmallest(2).iloc[1] / row.min():,.0f} times as long")

# %%
ax = times.plot(loglog=True, style=["o-", "s--", "^:"], xlabel="rows (log scale)",
                ylabel="seconds (log scale)", title="Time to fit a line, second run")
grows = [f"{ratio:.1f}-fold for {name}" for name, ratio in (times.iloc[-1] / times.iloc[0]).items()]
show(ax, alt="Seconds to fit over rows, both logarithmic. From 1,000 to 100,000 rows the time "
     f"grows {', '.join(grows)}.")

# %% [markdown]
# Every Spark job has a fixed cost for planning and scheduling, which is most of it where more rows
# take hardly longer. Did all arrive at 3·a − 2·b?

# %%
for name, fitted in models.items():
    found = {"scikit-learn": "coef_", "spark.ml": "coefficients", "spark.mllib": "weights"}[name]
    a, b = getattr(fitted, found)
    print(f"{name:13} {a:+.3f}·a {b:+.3f}·b")

# %% [markdown]
# `spark.mllib` took ten steps, on columns of equal size, easy for descent. Times differ between
# machines; the rule stays: rows that fit in one memory belong in scikit-learn, others in Spark.
#
# ## What you know now
#
# - A line minimizes squared residuals. RMSE and MAE are its misses in dollars, R² its gain over
#   the mean; all are worth reading only next to a baseline and on new rows.
# - Four assumptions, each with a picture and a number, say how far to trust more than predictions.
# - Spark solves narrow problems by formula in one pass, wide ones by L-BFGS.
# - One memory is enough? Then scikit-learn; else spark.ml; spark.mllib is deprecated.
#
# **Check yourself:** R² is 0.3 on training and −0.1 on test rows. Which guess beats this model?
#
# **Next:** the lab, where you build a model of six columns. Then lesson 07: categories, and
# predicting with the logarithm.
