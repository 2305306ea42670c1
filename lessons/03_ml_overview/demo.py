# %% [markdown]
# # 03 · What machine learning is, and how it goes wrong
#
# A consultant has built a model for you. To show that it works, he tests it on rows that it was
# not fitted to. He also gives you his code, and the table behind it: 300 rows, 3,000 columns to
# predict from, and one answer for each row.

# %%
import numpy as np
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import LinearRegression as LeastSquares
from sklearn.model_selection import train_test_split

from course_utils import helpers

draw = helpers("03")
rng = np.random.default_rng(0)
columns, answer = rng.normal(size=(300, 3_000)), rng.normal(size=300)

# %% [markdown]
# The code has three lines:

# %%
def consultant(x, y):
    best = SelectKBest(f_regression, k=20).fit_transform(x, y)
    x_fit, x_new, y_fit, y_new = train_test_split(best, y, random_state=0)
    return y_new, LeastSquares().fit(x_fit, y_fit).predict(x_new)

draw.predicted(("The consultant's model", *consultant(columns, answer)))

# %% [markdown]
# The code keeps the 20 columns that correlate best with the answer (`SelectKBest`), puts a
# quarter of the rows aside (`train_test_split`), fits a line to the rest, and predicts the rows
# that were put aside. The dots rise along the diagonal, and R², the share of the squared error
# that the model takes away, is well above zero. That looks like a useful model.
#
# Now read the last line of the first cell again. The columns are random numbers, and so is the
# answer. There is nothing to learn in this table. Nobody has faked the picture, and each line of
# the code is one that you will meet in real projects.
#
# **Predict:** which of the three lines of `consultant` is wrong? Note your answer. This lesson
# comes back to it when you have the tools to check it.
#
# **The question of this notebook:** how do you know that a model has learned something, and has
# not merely seen the answers?
#
# - **Time:** 40 minutes
# - **Before you start:** lesson 01, or some practice with Spark data frames
# - **Data:** `listings`, places to rent with their price per night, and small made-up tables
#
# `helpers("03")` loads the functions that draw the pictures of this lesson, from
# `lessons/03_ml_overview/helpers.py`. Tables that are small and made up do not need Spark, so for
# those we use NumPy and scikit-learn.
#
# ## Four kinds of learning
#
# A program learns when it gets better at a task by looking at data. The kinds of learning differ
# in what the data tells it about the right answer:
#
# | kind | what the data tells | our example |
# |---|---|---|
# | supervised | the answer for every row | the price of a listing |
# | unsupervised | no answer | groups of places on a map |
# | semi-supervised | the answer for a few rows | ten labels for 600 rows |
# | reinforcement | how well an action turned out | which photograph to show |
#
# ### Supervised: every row has its answer
#
# Each listing has a price. So whatever a model predicts can be compared with what is true. What
# we predict is called the *label*, here the price, and what we predict it from are the *features*.
# The simplest model is a straight line through one feature, the number of bedrooms:

# %%
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression

from course_utils import get_spark, load_split

spark = get_spark("03_ml_overview")
train, test = load_split("listings")

# %% tags=["nbval-check-output"]
bedrooms = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
line = LinearRegression(labelCol="price").fit(bedrooms.transform(train))
print(f"price = {line.intercept:.0f} + {line.coefficients[0]:.0f} * bedrooms")

# %% [markdown]
# `load_split` gives two data frames, `train` to learn from and `test` to judge with. Spark wants
# the features of a row in one vector column, which `VectorAssembler` makes; lesson 06 explains
# both steps. Here is what the line predicts for three listings, beside their true prices:

# %%
from pyspark.sql import functions as F

predicted = line.transform(bedrooms.transform(train))
rounded = F.round("prediction").alias("predicted")
predicted.select("bedrooms", "price", rounded).show(3)

# %% [markdown]
# The difference between `price` and `predicted` is an error that we can measure, on every row.
# That is what makes supervised learning the most used kind. When the label is a number, as here,
# the task is called *regression*; when it is a class, such as fraud or not, *classification*.
#
# ### Unsupervised: no answers, only shapes
#
# Nobody tells a program what a district is. *K-means* places four centers on the map so that the
# listings are as close as possible to their nearest center.
#
# **Predict:** the groups are made from coordinates alone. Will they overlap, or have borders?

# %%
from pyspark.ml.clustering import KMeans

place = VectorAssembler(inputCols=["longitude", "latitude"],
                        outputCol="place")
located = place.transform(train)
kmeans = KMeans(k=4, seed=1, featuresCol="place").fit(located)

# %%
points = kmeans.transform(located).limit(1_500)
drawn = points.select("longitude", "latitude", "prediction")
draw.groups(drawn.toPandas())

# %% [markdown]
# `limit(1_500)` keeps the copy for the picture small, whatever the size of the table. The borders
# are straight, because each listing belongs to the nearest of four points.
#
# Is this a good division of the city? The data cannot tell: there is no answer to compare with.
# People have to look at the groups and decide whether they mean anything.
#
# ### Semi-supervised: a few answers, many rows
#
# Labels cost money, since somebody has to look at each row. The rows themselves are often free.
# Suppose only ten rows have a label. Can the other rows help?

# %%
from sklearn.datasets import make_moons

moons, moon = make_moons(600, noise=0.1, random_state=0)

# %% [markdown]
# `moons` holds two features of 600 rows, and `moon` says to which of the two moons a row belongs.
# We hide all these labels but ten, drawn by chance:

# %%
def has_label(y, seed, keep=10):
    chosen = np.random.default_rng(seed).choice(len(y), keep, replace=False)
    return np.isin(np.arange(len(y)), chosen)

draw.few_labels(moons, moon, has_label(moon, seed=0))

# %% [markdown]
# One way ignores the gray rows: give each of them the label of the nearest row that has one. The
# other way lets labels *spread* from neighbor to neighbor through the gray rows. We compare the
# two on the rows whose labels are hidden. Which ten rows have a label is luck, so we do it ten
# times. scikit-learn writes a missing label as -1:

# %%
from sklearn.neighbors import KNeighborsClassifier
from sklearn.semi_supervised import LabelSpreading

nearest = KNeighborsClassifier(1)
spread = LabelSpreading(gamma=20, max_iter=300)

# %% [markdown]
# Both are fitted as all models of scikit-learn, with `fit(features, labels)`. `gain` is by how
# much the share of right answers rises when labels spread:

# %%
def gain(x, y, seed):
    known = has_label(y, seed)
    nearest.fit(x[known], y[known])
    spread.fit(x, np.where(known, y, -1))
    found = spread.transduction_[~known] == y[~known]
    return found.mean() - nearest.score(x[~known], y[~known])

# %% [markdown]
# We try it on the moons, and on a table where the classes are real: is a listing an entire home
# or not, judged by its size and price?

# %%
from sklearn.preprocessing import StandardScaler

sizes = ["accommodates", "bedrooms", "beds", "price"]
homes = train.select("room_type", *sizes).limit(600).toPandas()
is_home = (homes["room_type"] == "Entire home/apt").to_numpy(int)
scaled = StandardScaler().fit_transform(np.log1p(homes[sizes]))

# %% [markdown]
# **Predict:** will the rows without labels help on the moons, on the listings, on both?

# %%
for name, x, y in (("moons", moons, moon), ("listings", scaled, is_home)):
    gains = [gain(x, y, seed) for seed in range(10)]
    better = sum(g > 0 for g in gains)
    print(f"{name:9} better in {better:2} of 10 trials, "
          f"{np.mean(gains):+.3f} on average")

# %% [markdown]
# The number at the end is the mean gain: +0.1 would be ten more right answers in a hundred.
# Spreading pays where the rows of one class lie together, as each moon does. Where two classes
# overlap, labels spread across the border as well and do harm. So you can't know beforehand. Keep
# some labels back, and compare.
#
# ### Reinforcement: only consequences
#
# A site can show one of three photographs, and sees only whether a visitor clicks. Nobody says
# which photograph is the right one. The program shows what has worked best so far, and sometimes
# tries another:

# %%
def share_of_best(explore, seed, rates=(0.04, 0.06, 0.09)):
    rng = np.random.default_rng(seed)
    shown, clicked = np.ones(3), np.ones(3)
    for _ in range(3_000):
        try_any = rng.random() < explore
        choice = rng.integers(3) if try_any else np.argmax(clicked / shown)
        shown[choice] += 1
        clicked[choice] += rng.random() < rates[choice]
    return (shown[-1] - 1) / 3_000

# %% [markdown]
# `rates` are the true chances of a click, which the program does not know; the last photograph is
# the best. `explore` is how often it tries any of the three. `shown` and `clicked` start at one,
# so that no photograph is given up before it was seen. The function returns the share of 3,000
# visitors who saw the best photograph.
#
# **Predict:** is it best never to try, to try one time in ten, or always?

# %% tags=["nbval-check-output"]
for explore in (0, 0.1, 1):
    shares = [share_of_best(explore, seed) for seed in range(20)]
    print(f"tries {explore:4.0%}: best shown to {np.mean(shares):.0%},"
          f" in the worst of 20 runs to {min(shares):.0%}")

# %% [markdown]
# Look at the worst runs. Without trying, a photograph that was lucky early is shown for ever, and
# in such a run almost nobody sees the best one. Always trying is safe, but uses nothing of what
# it learns: a third of the visitors, whatever happens. Is it better to try one time in ten than
# never? By the means you cannot tell: with twenty runs, 82 % and 78 % are too close. By the worst
# runs it is, because one in ten still shows the best photograph to 12 % of the visitors there.
#
# What is special about this kind: the program's own choices decide which data it sees next.
#
# The rest of this lesson, and of this course, is about supervised learning.
#
# ## The workflow
#
# ```mermaid
# flowchart LR
#     question["1 question"] --> data["2 data"] --> split["3 split"]
#     split --> training["training rows"]
#     split --> validation["validation rows"]
#     split --> testing["test rows"]
#     training -->|"4 baseline, 5 fit"| models["models"]
#     models --> choose["6 choose"]
#     validation --> choose
#     choose -->|"better features? back to 2"| data
#     choose --> once["7 test, once"]
#     testing --> once
#     once --> use["8 use and watch"]
# ```
#
# 1. **Question:** what is predicted, who uses it, and what does an error cost?
# 2. **Data:** collect, clean and look (lessons 04 and 05).
# 3. **Split,** before anything is fitted.
# 4. **Baseline:** what would you say without a model?
# 5. **Fit** models to the training rows.
# 6. **Choose** between them on the validation rows, and go back to the data while it pays.
# 7. **Test** the chosen one, once.
# 8. **Use** it, watch it, and start again when the world has changed.
#
# Our question: what will a listing cost, give or take how many dollars? The split into `train` and
# `test` is there already. We divide `train` once more. A number that is computed from each row, a
# *hash*, decides where the row goes; the last section says why.

# %% tags=["nbval-check-output"]
hashed = F.pmod(F.xxhash64(*train.columns), F.lit(4))
validation = train.filter(hashed == 0).cache()
fit_rows = train.filter(hashed != 0).cache()
print(f"{fit_rows.count():,} rows to fit, {validation.count():,} to "
      f"choose, {test.count():,} to test")

# %% [markdown]
# `F.xxhash64` turns the values of a row into one large whole number, and `pmod(…, 4)` is the rest
# after dividing by four. A quarter of the rows have rest 0. `cache()` keeps the two data frames in
# memory, because we use them several times.
#
# ## A baseline first
#
# The simplest rival of a model ignores all columns and predicts the mean price. We measure it by
# *RMSE*, the root of the mean squared error, which is in dollars:

# %%
def rmse(rows, prediction):
    squared = (F.col("price") - prediction) ** 2
    return rows.agg(F.sqrt(F.mean(squared))).first()[0]

# %% tags=["nbval-check-output"]
mean_price = fit_rows.agg(F.mean("price")).first()[0]
baseline = rmse(validation, F.lit(mean_price))
print(f"Always ${mean_price:.0f}: RMSE ${baseline:.1f}")

# %% [markdown]
# Note where the two numbers come from. The mean is learned from `fit_rows`, the error is measured
# on `validation`. Even a baseline must not see the rows that judge it.
#
# A model that does not get below this RMSE has learned nothing, however long it took to train.
#
# ## Fit, choose, test once
#
# Three models compete. They differ in their features:

# %%
candidates = {"bedrooms": ["bedrooms"], "guests": ["accommodates"],
              "with bathrooms": ["bedrooms", "accommodates",
                                 "bathrooms"]}

# %% [markdown]
# A `Pipeline` chains the two steps, so that each model carries its own assembler. All three are
# fitted to the same rows and judged on the same other rows:

# %%
from pyspark.ml import Pipeline

models, errors = {}, {}
for name, inputs in candidates.items():
    vector = VectorAssembler(inputCols=inputs, outputCol="features")
    both = Pipeline(stages=[vector, LinearRegression(labelCol="price")])
    models[name] = both.fit(fit_rows)
    scored = models[name].transform(validation)
    errors[name] = rmse(scored, F.col("prediction"))
    print(f"RMSE ${errors[name]:6.1f}  {name}")

# %% [markdown]
# Compare each with the RMSE of the mean above. Only the one with the lowest RMSE now meets the
# test rows, and it meets them once:

# %% tags=["nbval-check-output"]
best = min(errors, key=errors.get)
tested = models[best].transform(test)
final = rmse(tested, F.col("prediction"))
print(f"chosen: {best}, ${errors[best]:.1f} on validation rows")
print(f"on test rows: ${final:.1f}; the mean: "
      f"${rmse(test, F.lit(mean_price)):.1f}")

# %% [markdown]
# The second line is what you tell your boss, and the baseline on the same rows stands beside it.
# The two scores of the chosen model differ, mostly because the rows do: a few very expensive
# listings weigh a lot, and they fall on one side or the other.
#
# But one part of the difference is no accident. To see it, take 200 "models" that toss a coin for
# each of 100 rows, right or wrong.
#
# **Predict:** how good is the best of them? And how good is the same one on 100 new rows?

# %% tags=["nbval-check-output"]
coins = np.random.default_rng(7).random((2, 200, 100)) < 0.5
known, new = coins  # right or wrong, for each model and row
winner = known.mean(axis=1).argmax()
print(f"the best of 200: {known[winner].mean():.0%} right")
print(f"the same model on new rows: {new[winner].mean():.0%} right")

# %% [markdown]
# The best of 200 coins is well above one half on the rows that chose it, and an ordinary coin on
# new ones. Whenever you choose the best of many, its score is too good, on average. That is why
# validation rows choose, and test rows, kept until the end, say how good the choice is.
#
# **Exercise 1.** Change 200 to 5, and then to 20,000. What happens to the first number, and what
# to the second?
#
# <details><summary>Answer</summary>
#
# The more models take part, the better the winner looks: 50 % right with five, 71 % with 20,000.
# On new rows it stays around one half, 53 % and 54 %. So a search over many settings, as in
# lessons 12 and 13, needs test rows more than anything else.
# </details>
#
# ## Leakage: back to the consultant
#
# <!-- answer -->
# *Leakage* means that something about the answers, or about the test rows, reaches the model
# before it is judged. The consultant's second and third line are fine. The first one is not. It
# looks at the answers of **all** rows to choose the columns, and only then are some rows put
# aside. Of 3,000 random columns, a few agree with the answer by chance, in the test rows too.
# They are chosen for that.
#
# The remedy is to choose the columns with the training rows only. A pipeline of scikit-learn does
# so: its `fit` runs both steps on what it is given.

# %%
from sklearn.pipeline import make_pipeline

model = make_pipeline(SelectKBest(f_regression, k=20), LeastSquares())

# %% [markdown]
# Split first, then let the pipeline choose:

# %%
def honest(x, y):
    x_fit, x_new, y_fit, y_new = train_test_split(x, y, random_state=0)
    return y_new, model.fit(x_fit, y_fit).predict(x_new)

# %% [markdown]
# **Predict:** same table, same test rows. What will R² be now?

# %%
draw.predicted(("choose, then split", *consultant(columns, answer)),
               ("split, then choose", *honest(columns, answer)))

# %% [markdown]
# On the right, R² is below zero: the model is worse than predicting the mean. It must be so. The
# model learned from chance agreements in the training rows, and they are not there in the others;
# what it has learned only adds error.
#
# Is it chance? Here are twenty more tables of noise, each judged both ways:

# %% tags=["nbval-check-output"]
from sklearn.metrics import r2_score

for way in (consultant, honest):
    scores = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        table = rng.normal(size=(300, 3_000)), rng.normal(size=300)
        scores.append(r2_score(*way(*table)))
    print(f"{way.__name__:10} R² {min(scores):5.2f} to {max(scores):5.2f}")

# %% [markdown]
# The two ranges do not even touch. So what? Everything that learns from rows is part of the
# training, whether it looks at the answers or not: choosing columns, filling gaps, scaling. Do it
# after the split, on the training rows.
#
# **Exercise 2.** Let the consultant choose from 30 columns instead of 3,000:
# `draw.predicted(("30", *consultant(columns[:, :30], answer)))`. Is the leak still there?
#
# <details><summary>Answer</summary>
#
# It is there and you can't see it: R² is -0.24, below zero as it should be. With 20 of 30 columns
# there is little to choose, so the choice can't fool you much. A leak does most harm where there
# are many columns and few rows. The mistake in the code is the same.
# </details>
#
# ## Which way was it wrong? The confusion matrix
#
# When the label is a class, one number hides *how* a model errs. Spark's logistic regression
# predicts from size and price whether a listing is an entire home:

# %%
from pyspark.ml.classification import LogisticRegression

home = (F.col("room_type") == "Entire home/apt").cast("double")
vector = VectorAssembler(inputCols=sizes, outputCol="features")
classify = Pipeline(stages=[vector, LogisticRegression()])
fitted = classify.fit(fit_rows.withColumn("label", home))
judged = fitted.transform(validation.withColumn("label", home))

# %% [markdown]
# The label is 1.0 for an entire home and 0.0 for any other listing, and the model predicts one of
# the two. So there are four outcomes, which we count on the validation rows:

# %%
four = judged.groupBy("label").pivot("prediction", [0.0, 1.0]).count()
rows = four.na.fill(0).orderBy("label").drop("label").collect()
counts = np.array(rows, dtype=int)
draw.matrix(counts, ["other listing", "entire home"])

# %% [markdown]
# `groupBy("label")` makes a row for each true class, and `pivot` a column for each predicted one.
# The two counts below the picture are the two kinds of error. They are rarely equally expensive: a
# family that books an "entire home" and shares a kitchen is angrier than one that overlooked a
# flat. Three numbers have names:

# %%
precision = counts[1, 1] / counts[:, 1].sum()
recall = counts[1, 1] / counts[1].sum()
print(f"accuracy  {np.trace(counts) / counts.sum():.2f}: right, of all")
print(f"precision {precision:.2f}: right, of those predicted as homes")
print(f"recall    {recall:.2f}: found, of the homes there are")

# %% [markdown]
# Precision reads the matrix down its second column, recall along its second row. The angry family
# is a matter of precision, the overlooked flat one of recall. Lesson 20 shows how to trade one for
# the other.
#
# ## Look at the data: Anscombe's quartet
#
# A number can hide more than a model's errors. In 1973 Francis Anscombe made four small tables:

# %%
shared = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
tables = {
    "I": (shared, [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26,
                   10.84, 4.82, 5.68]),
    "II": (shared, [9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10,
                    9.13, 7.26, 4.74]),
    "III": (shared, [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39,
                     8.15, 6.42, 5.73]),
    "IV": ([8] * 7 + [19] + [8] * 3, [6.58, 5.76, 7.71, 8.84, 8.47,
                                      7.04, 5.25, 12.50, 5.56, 7.91, 6.89]),
}

# %% [markdown]
# Here are their means, variances and correlation, and the line that fits best:

# %% tags=["nbval-check-output"]
print("     means        variances    corr  line")
for name, (x, y) in tables.items():
    slope, start = np.polyfit(x, y, 1)
    r = np.corrcoef(x, y)[0, 1]
    print(f"{name:4} {np.mean(x):.1f} and {np.mean(y):.1f}"
          f"  {np.var(x, ddof=1):.1f} and {np.var(y, ddof=1):.1f}"
          f"  {r:.2f}  {start:.1f} + {slope:.2f} x")

# %% [markdown]
# One and the same table, four times, as it seems. All four have the line 3.0 + 0.50 x and the
# correlation 0.82.
#
# **Predict:** how different can the four look?

# %%
draw.quartet(tables)

# %% [markdown]
# A cloud, a curve, an outlier that tilts the line, and a line that hangs on a single point. For
# the first one the line is right; for the other three it is not, and no number in the table says
# so. A summary is where looking starts, not where it ends. Lesson 05 looks at the listings.
#
# ## Why this course stores its splits
#
# The usual way to split in Spark is `randomSplit`. It takes a seed, which ought to make it
# repeatable.
#
# **Predict:** the same rows and the same seed, once in 1 partition and once in 24. How many of
# the test rows will be the same?

# %%
from course_utils import load

keyed = load("listings").withColumn("row", F.xxhash64(*train.columns))

# %% [markdown]
# The column `row` is a hash of each row, so that we can tell rows apart. `compare` splits both
# layouts of the table in the same way, and counts the test rows that they share:

# %%
def compare(split):
    parts = [split(keyed.repartition(n)).select("row") for n in (1, 24)]
    one, many = ({r["row"] for r in part.collect()} for part in parts)
    print(f"{len(one):,} and {len(many):,} test rows, "
          f"{len(one & many):,} in both")

# %% [markdown]
# First `randomSplit`, with a seed:

# %% tags=["nbval-check-output"]
compare(lambda rows: rows.randomSplit([0.8, 0.2], seed=42)[1])

# %% [markdown]
# `collect()` brings one number for each test row here, which is safe for a table of this size. Of
# the test rows only about a fifth are in both sets, as many as you would expect of two
# independent draws.
#
# The reason: `randomSplit` draws its random numbers partition by partition. What happens to a row
# depends on its place, and not on the seed alone. On a larger cluster, or after a small change to
# a step before the split, the test rows are different ones, and some of them were training rows
# before.
#
# The remedy is to let the row itself decide. A hash is the same number wherever the row lies:

# %% tags=["nbval-check-output"]
compare(lambda rows: rows.filter(F.pmod("row", F.lit(5)) == 0))
print("rows both in train and in test:", train.intersect(test).count())

# %% [markdown]
# Now both sets are equal. Equal rows have equal hashes, too, so no copy of a row can be on both
# sides. One danger is left: a new or rounded column would change every hash. So the result is
# *materialized*. `load_split` has written both sides to disk once, and every notebook reads those
# files.
#
# ## On Databricks
#
# > - `randomSplit` is the same there, with the same trap: a cluster of another size or an
# >   autoscaling one has other partitions. Split once, and write both parts to tables.
# > - AutoML there splits at random into 60 % training, 20 % validation and 20 % test rows. For
# >   your own split you name a time column, or (from Databricks Runtime 15.3 ML) a column that
# >   holds `train`, `validate` or `test`.
# > - `cache()` works on classic compute. Serverless compute does not support it; leave it out
# >   there.
#
# ## Quiz
#
# Questions of the kind that the exam asks. Choose first, then look at the answer.

# %%
from course_utils import ask_quiz

ask_quiz("03")

# %% [markdown]
# ## What you know now
#
# - Four kinds of learning differ in the answers at hand: all, none, a few, or only consequences.
# - A model is measured against a baseline, on rows that took no part in fitting or choosing it.
# - The best of many looks too good on the rows that chose it. Test rows are used once.
# - Leakage makes noise look like knowledge. Whatever learns from rows comes after the split.
# - A seeded `randomSplit` depends on partitions; a stored split by hash does not.
#
# **Check yourself:** you fill missing bedrooms with the median of all rows and split afterwards.
# What has leaked, and into what?
#
# <details><summary>Answer</summary>
#
# The median was computed from all rows, the later test rows among them. So a little about the test
# rows has gone into the filled training rows, and the test no longer shows how the model does on
# rows that nobody has seen. With one median the harm is small. With a choice of columns, as the
# consultant did it, it is not. The cure is the same: split first, learn the median from the
# training rows, and fill both parts with it.
# </details>
#
# **Exam:** which kind of algorithm fits a scenario; training, validation and test rows; leakage;
# precision, recall and accuracy as groundwork for the classification metrics; why a split in Spark
# is not repeatable by its seed alone.
#
# **Next:** lesson 04, *Data cleansing*: from a raw file to a table that a model can use.
