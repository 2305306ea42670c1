# %% [markdown]
# # 03 · What machine learning is, and how it goes wrong
#
# **The question of this notebook:** how do you know that a model has learned something, and has
# not merely seen the answers?
#
# - **Time:** 35 minutes
# - **You will:** run a small example of each kind of learning; take a model through the workflow,
#   from a baseline to one look at the test rows; cause leakage on purpose and see what it hides;
#   see why this course stores its splits
# - **Before you start:** lesson 01, or some practice with Spark frames
# - **Data:** `listings`, places to rent with their price per night, and small made-up tables
# - **Exam:** 2025-28, groundwork for 2025-38; earlier guide S2 and S3

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load, load_split, show

spark = get_spark("03_ml_overview")

# %% [markdown]
# Small made-up tables do not need Spark; scikit-learn is quicker there.

# %%
from sklearn.datasets import make_moons
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import LinearRegression as LeastSquares
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.semi_supervised import LabelSpreading

# %% [markdown]
# ## Four kinds of learning
#
# They differ in what the data tells the program: the answer for every row, no answer, the answer
# for a few rows, or only how well an action turned out. Which kind fits is decided by the
# answers that you have, not by taste.
#
# **Supervised: every row has its answer.** Each listing has a price, so what the program says can
# be compared with what is true. The simplest model is a straight line through bedrooms.

# %% tags=["nbval-check-output"]
train, test = load_split("listings")
train.cache()
bedrooms = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
line = LinearRegression(labelCol="price").fit(bedrooms.transform(train))
print(f"price = {line.intercept:.0f} + {line.coefficients[0]:.0f} * bedrooms")

# %% [markdown]
# What it says to three listings, beside the true prices in dollars:

# %%
said = line.transform(bedrooms.transform(train)).withColumn("line", F.round("prediction"))
said.select("bedrooms", "price", "line").show(3)

# %% [markdown]
# **Unsupervised: no answers, only shapes.** Nobody tells the program what a district is. K-means
# places four centers so that listings lie close to the nearest one. **Predict:** will groups made
# from coordinates alone overlap, or have borders?

# %%
place = VectorAssembler(inputCols=["longitude", "latitude"], outputCol="place")
located = place.transform(train)
groups = KMeans(k=4, seed=1, featuresCol="place").fit(located)
columns = ("longitude", "latitude", "prediction")
points = groups.transform(located).select(*columns).limit(1_500).toPandas()

# %% [markdown]
# A part of the listings is enough to see it:

# %%
fig, ax = plt.subplots(figsize=(6, 5))
for group, marker in enumerate("os^D"):
    part = points[points["prediction"] == group]
    ax.scatter(part["longitude"], part["latitude"], s=10, marker=marker, label=f"group {group}")
ax.set(xlabel="longitude (degrees)", ylabel="latitude (degrees)")
ax.set_title("Four groups found from coordinates alone")
ax.ticklabel_format(useOffset=False)
ax.locator_params(axis="x", nbins=5)
ax.legend(markerscale=2)
show(fig, alt=f"Map of {len(points)} listings as dots, longitude and latitude in degrees, in four "
     "groups with a marker each. The groups do not overlap; straight borders divide them.")

# %% [markdown]
# Each point belongs to the nearest center, so borders are straight. Whether the groups mean
# anything is for people to judge: there is no answer to compare with.
#
# **Semi-supervised: a few answers, many rows.** Labels cost money; rows are often free. Suppose
# that only ten rows have a label. One model gives every other row the label of the nearest of
# those ten. The second lets labels *spread* from neighbor to neighbor, through the rows without
# one. Here are two tables to try it on: two half moons, made up, and listings, with the question
# whether one is an entire home.

# %%
numbers = ["accommodates", "bedrooms", "beds", "price"]
homes = train.select("room_type", *numbers).limit(600).toPandas()
is_home = (homes["room_type"] == "Entire home/apt").to_numpy(dtype=int)
features = StandardScaler().fit_transform(np.log1p(homes[numbers]))
tables = {"moons": make_moons(600, noise=0.1, random_state=0), "listings": (features, is_home)}


# %% [markdown]
# scikit-learn writes a missing label as -1. Both models are judged on the rows whose labels
# neither of them saw. Which ten rows are labelled is luck, so this is done ten times.


# %%
def gain(x, y, seed):
    """By how much the rows without labels raise the share of right answers."""
    hidden = np.ones(len(y), dtype=bool)
    hidden[np.random.default_rng(seed).choice(len(y), size=10, replace=False)] = False
    nearest = KNeighborsClassifier(1).fit(x[~hidden], y[~hidden])
    spread = LabelSpreading(gamma=20, max_iter=300).fit(x, np.where(hidden, -1, y))
    return np.mean(spread.transduction_[hidden] == y[hidden]) - nearest.score(x[hidden], y[hidden])


# %% [markdown]
# **Predict:** on which table will the rows without labels help?

# %%
for name, (x, y) in tables.items():
    gains = [gain(x, y, seed) for seed in range(10)]
    better = sum(g > 0 for g in gains)
    print(f"{name:9} better in {better:2} of 10 trials, by {np.mean(gains):+.3f} on average, "
          f"from {min(gains):+.3f} to {max(gains):+.3f}")

# %% [markdown]
# Spreading pays where the rows of a class lie together, as each moon does. Where classes overlap,
# labels spread across the border as well. So the comparison has to be made each time, on labels
# held back.
#
# **Reinforcement: only consequences.** A site can show one of three photographs and sees only
# whether a visitor clicks. It shows what has worked best so far, and sometimes tries another.


# %%
def share_of_best(explore, seed, rates=(0.04, 0.06, 0.09), visitors=3_000):
    """The share of visitors who saw the best photograph, the last one."""
    rng = np.random.default_rng(seed)
    shown, clicked = np.ones(3), np.ones(3)  # one imagined click each, so that all are tried
    for _ in range(visitors):
        choice = rng.integers(3) if rng.random() < explore else np.argmax(clicked / shown)
        shown[choice] += 1
        clicked[choice] += rng.random() < rates[choice]
    return (shown[-1] - 1) / visitors


# %% [markdown]
# **Predict:** is it best never to try, to try one time in ten, or always?

# %% tags=["nbval-check-output"]
for explore in (0, 0.1, 1):
    shares = [share_of_best(explore, seed) for seed in range(20)]
    print(f"tries {explore:4.0%} of the time: best photograph shown to {np.mean(shares):.0%}, "
          f"in the worst of 20 runs to {min(shares):.0%}")

# %% [markdown]
# The program decides what it will see next, which the other three kinds do not. Never trying can
# get stuck with a photograph that was lucky early; always trying never uses what was learned.
#
# ## The workflow
#
# 1. **Question:** what is predicted, who uses it, and what does an error cost?
# 2. **Data:** collect, clean, look (lessons 04 and 05)
# 3. **Split** before anything is fitted
# 4. **Baseline:** what would somebody say without a model?
# 5. **Fit** on training rows, **choose** on validation rows, and go back to 2 while it pays
# 6. **Test** once
# 7. **Use** it, watch it, and come back when the world has changed
#
# Our question: what will a listing cost, give or take how many dollars? The data are split
# already. **Training** rows fit a model, **validation** rows choose between models, **test** rows
# are looked at once. A hash of each row decides; the last section says why.

# %% tags=["nbval-check-output"]
row = F.xxhash64(*train.columns)
validation = train.filter(F.pmod(row, F.lit(4)) == 0).cache()
fit_rows = train.filter(F.pmod(row, F.lit(4)) != 0).cache()
print(f"{fit_rows.count():,} to fit, {validation.count():,} to choose, {test.count():,} to test")

# %% [markdown]
# ### A baseline first
#
# The simplest rival ignores all columns and always says the mean price. RMSE, the root of the mean
# squared error, is in dollars.


# %%
def rmse(rows, prediction):
    """The root of the mean squared error of a prediction, in dollars."""
    return rows.agg(F.sqrt(F.mean((F.col("price") - prediction) ** 2))).first()[0]


# %% tags=["nbval-check-output"]
mean_price = fit_rows.agg(F.mean("price")).first()[0]
baseline = rmse(validation, F.lit(mean_price))
print(f"always ${mean_price:.0f}: RMSE ${baseline:.1f} on validation rows")

# %% [markdown]
# A model that is not below this has learned nothing, however long it took to train.
#
# ### Fit, choose, test once

# %%
candidates = {"bedrooms": ["bedrooms"], "guests": ["accommodates"],
              "both and bathrooms": ["bedrooms", "accommodates", "bathrooms"]}
errors, fitted = {}, {}
for name, inputs in candidates.items():
    step = VectorAssembler(inputCols=inputs, outputCol="features")
    model = LinearRegression(labelCol="price").fit(step.transform(fit_rows))
    errors[name] = rmse(model.transform(step.transform(validation)), F.col("prediction"))
    fitted[name] = lambda rows, step=step, model=model: model.transform(step.transform(rows))
    print(f"RMSE ${errors[name]:6.1f}  {name}")

# %% [markdown]
# Only the one with the lowest error now meets the test rows, and it meets them once.

# %% tags=["nbval-check-output"]
best = min(errors, key=errors.get)
chosen = fitted[best]
final = rmse(chosen(test), F.col("prediction"))
print(f"chosen: {best}, RMSE ${errors[best]:.1f} on validation rows, ${final:.1f} on test rows")
print(f"the mean on the same test rows: ${rmse(test, F.lit(mean_price)):.1f}")

# %% [markdown]
# The two scores of the chosen model differ because the rows do: a few very expensive listings
# weigh a lot. But one difference is no accident. **Predict:** 200 models toss a coin for each of
# 100 rows. How good is the best of them, and how good is it on 100 new rows?

# %% tags=["nbval-check-output"]
rng = np.random.default_rng(7)
known, new = rng.random((2, 200, 100)) < 0.5  # right or wrong, per model and row
winner = known.mean(axis=1).argmax()
print(f"the best of 200: {known[winner].mean():.0%} right; "
      f"the same model on new rows: {new[winner].mean():.0%}")

# %% [markdown]
# A score that took part in a choice is too kind. That is why the test rows are kept until the end.
#
# ## Leakage: how to be fooled
#
# Leakage means that something about the answers, or about the test rows, reaches the model before
# it is judged. Here are 3,000 columns of noise, and an answer that is noise too: an honest R² is
# around zero or below.
# **Predict:** what if we first keep the 20 columns that correlate best with the answer, and then
# split?


# %%
def leaky(x, y):
    """True and predicted answers of test rows; the columns were chosen before the split."""
    chosen = SelectKBest(f_regression, k=20).fit_transform(x, y)
    a, b, ya, yb = train_test_split(chosen, y, random_state=0)
    return yb, LeastSquares().fit(a, ya).predict(b)


def honest(x, y):
    """The same, but the choice is a part of the model and sees training rows only."""
    a, b, ya, yb = train_test_split(x, y, random_state=0)
    model = make_pipeline(SelectKBest(f_regression, k=20), LeastSquares())
    return yb, model.fit(a, ya).predict(b)


# %%
def noise(seed):
    """Columns and answers that have nothing to do with each other."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(300, 3_000)), rng.normal(size=300)


def r2(true, said):
    """The share of the squared error that is gone, compared with the mean."""
    return 1 - np.mean((true - said) ** 2) / np.var(true)


# %% [markdown]
# The same noise and the same test rows, both ways:

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 4.2), sharex=True, sharey=True)
titles = []
for ax, way, name in zip(axes, (leaky, honest), ("Before: leak", "After: no leak"), strict=True):
    true, said = way(*noise(0))
    titles.append(f"{name}, R² = {r2(true, said):.2f}")
    ax.plot(true, said, "o", markersize=4)
    ax.axline((0, 0), slope=1, color="black", linestyle="--", linewidth=1)
    ax.set(title=titles[-1], xlabel="true answer (no unit)")
axes[0].set_ylabel("predicted (no unit)")
show(fig, alt="Two scatter plots of predicted over true answers on the same 75 test rows. "
     f"{titles[0]}: the dots rise along the diagonal. {titles[1]}: a cloud without direction.")

# %% [markdown]
# On the left the test rows helped to choose the columns, so the columns suit them. Is it chance?
# Here are twenty tables of noise, the first of them the one above.

# %% tags=["nbval-check-output"]
for name, way in (("leaky", leaky), ("honest", honest)):
    scores = [r2(*way(*noise(seed))) for seed in range(20)]
    print(f"{name:7} R² from {min(scores):5.2f} to {max(scores):5.2f}")

# %% [markdown]
# Whatever learns from rows is part of the training: choosing columns, filling gaps, scaling. It
# belongs behind the split, answers or not.
#
# ## Which way was it wrong? The confusion matrix
#
# When the answer is a class, one number hides how a model errs. Spark's logistic regression says
# from size and price whether a listing is an entire home; on validation rows the four outcomes
# are counted.

# %%
label = (F.col("room_type") == "Entire home/apt").cast("double").alias("label")
inputs = VectorAssembler(inputCols=numbers, outputCol="features")
seen, unseen = (inputs.transform(rows.select(label, *numbers)) for rows in (fit_rows, validation))
judged = LogisticRegression().fit(seen).transform(unseen)
four = judged.groupBy("label").pivot("prediction", [0.0, 1.0]).count().na.fill(0).orderBy("label")
counts = np.array(four.drop("label").collect(), dtype=int)

# %% [markdown]
# Rows of `counts` are what is true, columns what the model says.

# %%
fig, ax = plt.subplots(figsize=(5, 4))
names = ["other", "entire home"]
ConfusionMatrixDisplay(counts, display_labels=names).plot(ax=ax, cmap="Blues", colorbar=False)
ax.grid(visible=False)
ax.set(title="Right on the diagonal", xlabel="what the model says", ylabel="what is true")
show(fig, alt=f"Confusion matrix, number of listings. True others: {counts[0, 0]} called other, "
     f"{counts[0, 1]} called entire home. True entire homes: {counts[1, 0]} called other, "
     f"{counts[1, 1]} called entire home.")

# %% [markdown]
# Two kinds of error, and one may cost more than the other. Three numbers name them.

# %%
precision = counts[1, 1] / counts[:, 1].sum()
recall = counts[1, 1] / counts[1].sum()
print(f"accuracy  {np.trace(counts) / counts.sum():.2f}: of all, the share that is right")
print(f"precision {precision:.2f}: of those called entire homes, the share that are")
print(f"recall    {recall:.2f}: of the entire homes, the share that were found")

# %% [markdown]
# ## Look at the data: Anscombe's quartet
#
# Four small tables, made by Francis Anscombe in 1973. **Predict:** if tables agree in means,
# variances, correlation and fitted line, how different can they look?

# %%
shared = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
quartet = {
    "I": (shared, [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]),
    "II": (shared, [9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74]),
    "III": (shared, [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73]),
    "IV": ([8] * 7 + [19] + [8] * 3,
           [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89]),
}

# %% tags=["nbval-check-output"]
rows = {}
for name, (x, y) in quartet.items():
    slope, intercept = np.polyfit(x, y, 1)
    rows[name] = {"mean x": np.mean(x), "mean y": np.mean(y), "var x": np.var(x, ddof=1),
                  "var y": np.var(y, ddof=1), "corr": np.corrcoef(x, y)[0, 1],
                  "slope": slope, "intercept": intercept}
print(pd.DataFrame(rows).T.map("{:.2g}".format).to_string())

# %% [markdown]
# To two digits, one and the same table four times. Now look.

# %%
fig, axes = plt.subplots(1, 4, figsize=(10, 3), sharex=True, sharey=True)
for ax, (name, (x, y)) in zip(axes, quartet.items(), strict=True):
    ax.plot(x, y, "o")
    ax.axline((0, rows[name]["intercept"]), slope=rows[name]["slope"], color="black")
    ax.set(title=name, xlabel="x (no unit)", xlim=(2, 20), ylim=(2, 14))
axes[0].set_ylabel("y (no unit)")
show(fig, alt="Four scatter plots with the same fitted line: a cloud around it, a curve, points "
     "on a flatter line with one outlier above, and a column of points with one far to the right.")

# %% [markdown]
# A cloud, a curve, an outlier that tilts the line, and a line that hangs on one point. A summary
# is where looking starts. Lesson 05 looks at the listings.
#
# ## Why this course stores its splits
#
# A seed ought to make a random split repeatable. **Predict:** the same rows, the same seed, but
# cut into 24 partitions: how many test rows stay test rows?


# %%
def overlap(split):
    """How many test rows two layouts of the same table have in common."""
    keyed = load("listings").withColumn("row", F.xxhash64(*train.columns))
    one, many = ({r["row"] for r in split(keyed.repartition(n)).select("row").collect()}
                 for n in (1, 24))
    return f"{len(one):,} and {len(many):,} test rows, {len(one & many):,} in both"


# %% tags=["nbval-check-output"]
print("seeded:", overlap(lambda rows: rows.randomSplit([0.8, 0.2], seed=42)[1]))

# %% [markdown]
# `randomSplit` draws its numbers partition by partition, so a row's fate depends on its neighbors
# and not on the seed alone. On another cluster, or after a small change upstream, test rows are
# different ones, and some have been training rows before.
#
# The mend is to let the row decide: a hash is the same number wherever the row lies. (The hash of
# the stored split takes the columns in another order, so its test rows are others than these.)

# %% tags=["nbval-check-output"]
print("hashed:", overlap(lambda rows: rows.filter(F.pmod("row", F.lit(5)) == 0)))
print("rows both in train and in test:", train.intersect(test).count())
print("Parquet files with the test rows:", len(test.inputFiles()))

# %% [markdown]
# Equal rows have equal hashes, so no copy of a row can sit on both sides. And because a new or
# rounded column would change every hash, the outcome is *materialized*: `load_split` wrote both
# sides to disk once, and every notebook reads those files.
#
# ## Exam questions
#
# Six questions of the kind that the exam asks. Choose first, then unfold the answer.

# %%
ask_quiz("03")

# %% [markdown]
# ## What you know now
#
# - Four kinds of learning, told apart by the answers at hand: all, none, a few, or consequences.
# - A model is measured against a baseline, on rows that took no part in fitting or choosing it.
# - Leakage makes noise look like knowledge; whatever learns from rows belongs behind the split.
# - A seeded `randomSplit` depends on partitions; a stored split by hash does not.
#
# **Check yourself:** you fill missing bedrooms with the median of all rows and split afterwards.
# What has leaked, and into what?
#
# **Next:** lesson 04, *Data cleansing*: from a raw file to a table that a model can use.
