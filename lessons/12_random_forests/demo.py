# %% [markdown]
# # 12 · Random forests
#
# Ines helps hosts to set their prices. Every Monday she takes a thousand listings of her city,
# fits a decision tree as in lesson 11, and sends each host the price that the tree suggests. This
# Monday a host is on the phone. Nothing in his flat has changed, and neither has the city. Why
# does he get another price than last week?
#
# Ines looks it up. She used the same code, and both times the listings were a fair sample of the
# same city. Two different prices for one flat can't both be right.
#
# **The question:** why does a tree change its mind, and how do you build and tune a model that
# does not?
#
# - **Time:** 50 minutes, and 30 more for the lab
# - **Before you start:** pipelines (lesson 07) and decision trees (lesson 11)
# - **Data:** `listings`, places to rent in one city, with the price per night

# %%
import numpy as np
import pandas as pd

from course_utils import get_spark, helpers, load_split

spark = get_spark("12_random_forests")
draw = helpers("12")
train, test = load_split("listings")
city = pd.concat([train.toPandas(), test.toPandas()], keys=["train", "test"])
X, log_price = draw.as_numbers(city), np.log(city["price"])
known, known_prices = X.loc["train"].to_numpy(), log_price["train"].to_numpy()
flat, asked = X.loc["test"].to_numpy()[:1], city.loc["test", "price"].iloc[0]

# %% [markdown]
# The first half of this lesson fits several hundred small trees to a thousand rows each. That is
# work for scikit-learn on one machine: such a fit takes milliseconds there, while each Spark job
# costs more than that before it has read a row. So we copy the listings into the notebook, about
# 7,000 rows and 2 MB. `as_numbers` replaces each word by a number, which is all that a tree needs.
# `known` has the training rows, and `flat` is the flat of the host, the first of the test rows.
# From the middle on, Spark takes over.
#
# Now let us live through 40 of Ines's Mondays. Each has a thousand listings drawn from the
# training rows, and one tree, which is asked about the same flat.

# %%
from sklearn.tree import DecisionTreeRegressor


def suggest(model, rng):
    """The log(price) that a model suggests for the flat on one Monday."""
    week = rng.choice(len(known), 1_000, replace=False)
    return model.fit(known[week], known_prices[week]).predict(flat)[0]


tree, rng = DecisionTreeRegressor(random_state=0), np.random.default_rng(12)
by_tree = np.exp([suggest(tree, rng) for _ in range(40)])
draw.mondays({"a tree": by_tree}, asked, "40 Mondays, one flat")

# %% [markdown]
# Each dot is a Monday. The tree predicts log(price), so `np.exp` turns its prediction back into
# dollars. The orange diamonds are the first two Mondays, and the host is right to complain: what he
# is told depends a good deal on which thousand listings happened to be in the sample.
#
# ## Three reasons to be wrong
#
# A prediction can be off for three reasons, and it helps to keep them apart:
#
# - **Noise.** Two equal flats do not ask the same price. No model can know the difference.
# - **Bias.** The model is too simple. Even the average of all Mondays is off, because the model
#   can't follow how prices really come about.
# - **Variance.** The model listens too closely to its sample. Each Monday it is off in another
#   direction.
#
# For the mean squared error at a listing, the three add up exactly:
#
# $$\text{error} = \text{noise} + \text{bias}^2 + \text{variance}$$
#
# Usually you see only the sum. To see the parts you need to know the right answer, and many
# samples of the same size. We have both: this course generates its listings, so `get_truth` knows
# the log(price) of each one without noise, and the size of the noise.

# %% tags=["nbval-check-output"]
from course_utils import get_truth

right, sigma = draw.right_prices(city, get_truth("listings"))
print(f"Standard deviation of the noise {sigma:.2f}, noise {sigma**2:.3f}")

# %% [markdown]
# `right_prices` asks the truth for both. (If you use a real file, nobody knows the truth. Then a
# formula that is fitted to your listings takes its place, with the spread around it as the noise.
# What you see below is then about a city that follows the formula.)
#
# With the truth at hand we can invent as many Mondays as we like: draw a thousand listings, take
# the right log(price), and add fresh noise.

# %%
right_known = right["train"].to_numpy()


def monday(rng):
    """A thousand listings as numbers, and a log(price) for each."""
    rows = rng.choice(len(known), 1_000, replace=False)
    noise = sigma * rng.standard_normal(len(rows))
    return known[rows], right_known[rows] + noise


# %% [markdown]
# What a model says on 40 of these Mondays about 400 listings that it has not seen:

# %%
new, right_new = X.loc["test"].to_numpy()[:400], right["test"].to_numpy()[:400]


def mondays(model):
    """Predictions, one row for each Monday, one column for each new listing."""
    rng = np.random.default_rng(1)
    return np.array([model.fit(*monday(rng)).predict(new) for _ in range(40)])


# %% [markdown]
# `parts` takes such a table. Variance is how far the Mondays scatter around their own average. Bias
# is how far this average is from the truth. As an average of 40 still wobbles a little itself, its
# own share of the variance is taken off the bias.

# %%
def parts(predictions):
    """Squared bias and variance, on average over the new listings."""
    variance = predictions.var(axis=0, ddof=1)
    off = predictions.mean(axis=0) - right_new
    bias = off**2 - variance / len(predictions)
    return bias.mean(), variance.mean()


# %% [markdown]
# For each depth we fit 40 trees, split their error into its parts, and measure the error as well:
# against new prices of the 400 listings, with new noise.
#
# **Predict:** which part falls with the depth of the tree, and which one rises? At which depth is
# their sum smallest?

# %%
errors, rng = {}, np.random.default_rng(2)
for depth in (1, 2, 3, 5, 8, 12):
    said = mondays(DecisionTreeRegressor(max_depth=depth, random_state=0))
    prices = right_new + sigma * rng.standard_normal(said.shape)
    errors[depth] = [*parts(said), sigma**2, ((said - prices) ** 2).mean()]
draw.decomposition(errors)

# %% [markdown]
# The black diamonds lie on top of the bars: the three parts do add up to the error that was
# measured. With depth the tree follows the truth ever better, so the bias falls. But it follows the
# noise of its own sample as well, so the variance rises, and from some depth on it rises faster
# than the bias falls. This is what *overfitting* looks like from inside, and the balance between
# the two is called the **bias–variance trade-off**.
#
# So what? Ines let her trees grow without a limit, and her host has met their variance. She could
# prune them to the best depth. But look at the deep tree once more: its bias is small. Could
# somebody take its variance away?
#
# ## Averages
#
# There is an old way to get rid of variance: average. The average of many independent guesses
# scatters much less than each of them. So Ines could wait for 40 Mondays, and average 40 trees.
# But she has only the listings of this week, and needs the price today.
#
# The **bootstrap** makes many samples out of one. From her thousand rows, draw a thousand *with
# replacement*: put each row back before you draw the next. Some rows come up twice or more, others
# not at all, and each sample is a little different.
#
# **Predict:** what share of the rows is never drawn?

# %%
rng = np.random.default_rng(12)
drawn = rng.integers(0, 1_000, size=1_000)
draw.drawn(np.bincount(drawn, minlength=1_000))

# %% [markdown]
# More than a third of the rows was never drawn. Is that chance? For a single row the probability
# to be missed in one draw of $n$ rows is $1 - 1/n$, and to be missed $n$ times in a row
# $(1 - 1/n)^n$. We compare this formula with the average of 500 simulated samples:

# %% tags=["nbval-check-output"]
for n in (2, 10, 100, 10_000):
    kept = [len(np.unique(rng.integers(0, n, n))) for _ in range(500)]
    print(f"{n:6,} rows: {1 - np.mean(kept) / n:.3f} simulated, "
          f"{(1 - 1 / n) ** n:.3f} by the formula")

# %% [markdown]
# The formula runs toward $1/e = 0.368$, whatever you draw from. So a bootstrap sample holds about
# 63 % of the rows, some of them several times. Keep the other 37 % in mind; they will turn out to
# be useful.
#
# ## Bagging, and the forest
#
# *Bootstrap aggregating*, **bagging** for short, fits a deep tree to each of many bootstrap
# samples and averages what they predict:
#
# ```mermaid
# flowchart LR
#     rows["1,000 rows"] -->|draw with replacement| s1["sample 1"]
#     rows --> s2["sample 2"]
#     rows --> s3["sample 40"]
#     s1 --> t1("tree 1")
#     s2 --> t2("tree 2")
#     s3 --> t3("tree 40")
#     t1 --> mean("mean, or a vote")
#     t2 --> mean
#     t3 --> mean
#     mean --> prediction
# ```
#
# In words: 40 samples are drawn from the same rows, each teaches one tree, and the prediction is
# the mean of the 40 trees, or their vote if they choose between classes.
#
# There is a catch. The 40 samples come from the same thousand rows, so the trees resemble each
# other. If one column is by far the best, each of them splits by it first. If $V$ is the variance
# of a tree and $\rho$ the correlation of two trees, the average of $B$ trees has the variance
#
# $$\rho V + \frac{1 - \rho}{B} V$$
#
# The second term goes away with more trees. The first one stays, however many you plant. A
# **random forest** makes $\rho$ smaller: at each split a tree may choose only among a few columns,
# drawn at random. The best column is often not among them, and the trees become different.
#
# **Predict:** this makes each single tree worse. Will the average of 40 be better or worse?

# %%
from sklearn.ensemble import RandomForestRegressor as ScikitForest


def trees_of(share):
    """What each of 40 trees predicts: (Mondays, trees, new listings)."""
    forest = ScikitForest(40, max_features=share, n_jobs=2, random_state=0)
    rng = np.random.default_rng(7)
    grown = (forest.fit(*monday(rng)).estimators_ for _ in range(12))
    return np.array([[tree.predict(new) for tree in each] for each in grown])


# %% [markdown]
# `max_features` is the share of the columns among which a split may choose. With all of them it is
# bagging. A third is the usual choice for numbers, and what Spark does unless you tell it
# otherwise; for classes it is the square root of the number of columns. We live through 12 Mondays
# with each, and average the first 1, 2, 5, … of the 40 trees:

# %%
bagged, wooded = trees_of(share=1.0), trees_of(share=1 / 3)
draw.more_trees({"bagging": bagged, "forest": wooded}, right_new, sigma**2)

# %% [markdown]
# The first trees help most. After some twenty the curves are nearly flat, but they never turn up
# again: **more trees do not overfit**, they only take longer. So `numTrees` is an easy setting.
# Depth is not, as you have seen.
#
# And what happened to the three parts?

# %% tags=["nbval-check-output"]
table = {"one deep tree": parts(bagged[:, 0]),
         "40 trees, bagged": parts(bagged.mean(axis=1)),
         "40 trees, forest": parts(wooded.mean(axis=1))}
print(pd.DataFrame(table, index=["bias²", "variance"]).T.round(3))

# %% [markdown]
# The bias has hardly changed: an average of deep trees is as flexible as one of them. The variance
# has fallen to a fraction. And do the trees of the forest have less in common?

# %% tags=["nbval-check-output"]
print(f"correlation of two trees: bagging {draw.correlation(bagged):.2f}, "
      f"forest {draw.correlation(wooded):.2f}")

# %% [markdown]
# They do, which is the whole point of hiding columns from them.
#
# Here are the 40 Mondays of the host once more, with the real prices, and next to each tree a
# forest that has learned from the same thousand listings:

# %%
small = ScikitForest(30, max_features=1 / 3, n_jobs=2, random_state=0)
rng = np.random.default_rng(12)
prices = np.exp([suggest(small, rng) for _ in range(40)])
draw.mondays({"a tree": by_tree, "a forest": prices}, asked,
             "The same Mondays, with a forest")

# %% [markdown]
# The forest still moves a little from week to week, as the listings do. But the host would not have
# called.
#
# The price of it: a tree can be read from top to bottom, and a forest cannot. What remains are the
# importances of its columns, with all the caution of lesson 11.
#
# **Exercise 1.** Give `trees_of` a much smaller share, 0.05, and look at the three lines again.
# What happens to the correlation, the variance and the bias?
#
# <details><summary>What you will find</summary>
#
# The correlation and the variance fall further. But now most splits are made on columns that say
# little about the price, the trees learn less, and the bias rises. The share of columns is a
# setting with its own trade-off.
# </details>
#
# ## Rows that a tree has not seen
#
# Remember the 37 %. Each tree of a forest has rows that it never saw, its *out-of-bag* rows, and
# each row is out of bag for about 37 % of the trees. If these trees alone predict it, you get an
# honest prediction for every training row, without putting any row aside.
#
# **Predict:** put these in order: the error on the rows it has learned from, the out-of-bag error,
# and the error on new rows.

# %%
week = np.random.default_rng(12).choice(len(known), 1_000, replace=False)
rows, prices = known[week], known_prices[week]
model = ScikitForest(100, max_features=1 / 3, oob_score=True, n_jobs=2,
                     random_state=12).fit(rows, prices)

# %% [markdown]
# `oob_score=True` keeps these predictions, in `oob_prediction_`. Now the three errors:

# %% tags=["nbval-check-output"]
from sklearn.metrics import root_mean_squared_error as rmse

all_new, new_prices = X.loc["test"].to_numpy(), log_price["test"].to_numpy()
print(f"rows it has learned from  {rmse(prices, model.predict(rows)):.3f}")
print(f"out of bag                {rmse(prices, model.oob_prediction_):.3f}")
print(f"new rows                  "
      f"{rmse(new_prices, model.predict(all_new)):.3f}")

# %% [markdown]
# On its own rows the forest looks more than twice as good as it is. The out-of-bag error is close
# to that on new rows, and it cost nothing. scikit-learn has it; Spark's forests do not, so there
# you need rows that are put aside. We come to that.
#
# ## The forest in Spark
#
# Spark's forest is for rows that do not fit on one machine. Each machine keeps its rows, and all
# trees grow together, level by level: in one pass over the rows the machines count, for every open
# node of every tree, what each possible split would do. A row can't be drawn with replacement when
# nobody holds all rows, so each row gets for each tree a random weight: 0 with probability 0.37,
# 1 with 0.37, 2 with 0.18 and so on. That is the bar chart from above, row by row.
#
# We take a thousand rows here as well, because a fit costs Spark about a second, and we will need
# many. `orderBy` with a hash mixes the rows in the same way each time.

# %%
from pyspark.sql import functions as F

logs = train.withColumn("log_price", F.log("price"))
mixed = logs.orderBy(F.hash("latitude", "longitude"))
sample = mixed.limit(1_000).coalesce(1).cache()

# %% [markdown]
# `coalesce(1)` keeps the few rows together, and `cache` in memory. Now the columns, words and
# numbers:

# %%
words = [name for name, kind in train.dtypes if kind == "string"]
numbers = [name for name, kind in train.dtypes if kind == "double"]
numbers.remove("price")
places = [f"{word}_no" for word in words]

# %% [markdown]
# The two stages that make a vector of them are those of lesson 11:

# %%
from pyspark.ml.feature import StringIndexer, VectorAssembler

indexer = StringIndexer(inputCols=words, outputCols=places,
                        handleInvalid="keep")
assembler = VectorAssembler(inputCols=[*places, *numbers],
                            outputCol="features")

# %% [markdown]
# And the forest, at the end of a pipeline:

# %%
from pyspark.ml import Pipeline
from pyspark.ml.regression import RandomForestRegressor

forest = RandomForestRegressor(labelCol="log_price", numTrees=10,
                               maxBins=64, seed=12)
fitted = Pipeline(stages=[indexer, assembler, forest]).fit(sample)

# %% [markdown]
# `numTrees` is the number of trees,
# `maxBins` must be at least the number of different words in a column, and the seed makes the
# random draws the same in each run. `featureSubsetStrategy`, the columns that a split may choose
# among, stays at `"auto"`: a third for a regression.
#
# For a number, the prediction of a forest is the **mean** of its trees. Let us see it happen:

# %% tags=["nbval-check-output"]
model = fitted.stages[-1]
vectors = fitted.transform(sample).drop("prediction")
listing = vectors.first()["features"]
guesses = [tree.predict(listing) for tree in model.trees]
print(f"mean of {len(guesses)} trees, {min(guesses):.2f} to {max(guesses):.2f}:"
      f" {np.mean(guesses):.4f}; the forest: {model.predict(listing):.4f}")

# %% [markdown]
# For a class, people say that the trees **vote**. There are two ways to count votes. In the first,
# each tree names a class, and the majority wins. In the second, each tree says how sure it is, and
# the mean of these shares decides: three trees with 0.9, 0.4 and 0.4 for "expensive" vote 1 to 2
# against it, but on average they are 57 % sure that it is. Which one does Spark do?
#
# **Predict:** how many of 200 listings come out differently?

# %%
median = sample.agg(F.median("price")).first()[0]
label = (F.col("price") > median).cast("double")
labeled = vectors.withColumn("expensive", label)
some = [row["features"] for row in labeled.limit(200).collect()]

# %% [markdown]
# The label is 1 for listings above the median price, and `some` has 200 of them as vectors. A
# forest of three trees learns it:

# %%
from pyspark.ml.classification import RandomForestClassifier

voters = RandomForestClassifier(labelCol="expensive", numTrees=3,
                                maxBins=64, seed=12).fit(labeled)
sure = np.array([[tree.predictProbability(listing)[1] for listing in some]
                 for tree in voters.trees])

# %% [markdown]
# `sure` has a row for each tree and a column for each listing. It holds how sure the tree is that
# the listing is expensive.

# %% tags=["nbval-check-output"]
by_votes = (sure > 0.5).sum(axis=0) >= 2
by_mean = sure.mean(axis=0) > 0.5
spark_says = np.array([voters.predict(listing) == 1 for listing in some])
print(f"votes and mean differ for {(by_votes != by_mean).sum()} listings; "
      f"Spark follows the mean for {(spark_says == by_mean).mean():.0%}")

# %% [markdown]
# Spark follows the mean of the shares, and so does scikit-learn. It makes better use of what the
# trees know, and it gives you a probability for each listing, which the lab will need.
#
# ## A grid, and folds
#
# Depth 5, ten trees: who says that these are good settings? We try several, but not by their error
# on the rows they have learned from (any forest looks good there), and not by the test rows (they
# are for one last look). **Cross-validation** cuts the training rows into $k$ parts, the *folds*.
# Each fold is put aside once, while a model learns from the others:
#
# ```mermaid
# flowchart LR
#     rows["training rows<br/>A + B + C"] --> r1["learn from B + C<br/>judge on A"]
#     rows --> r2["learn from A + C<br/>judge on B"]
#     rows --> r3["learn from A + B<br/>judge on C"]
#     r1 --> mean("mean of 3 errors,<br/>for each setting")
#     r2 --> mean
#     r3 --> mean
#     mean --> best["best setting:<br/>learn from A + B + C"]
#     best --> look["test rows:<br/>one look"]
# ```
#
# In words: each setting gets three errors on rows that its model has not seen. Their mean decides,
# and the best setting is fitted once more to all training rows.
#
# A *grid* is every combination of the values that you list:

# %%
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

grid = (ParamGridBuilder().addGrid(forest.maxDepth, [2, 5])
        .addGrid(forest.numTrees, [3, 10]).build())

# %% [markdown]
# `grid` is a list of four settings. The search needs it, and a measure to compare them by:

# %%
from pyspark.ml.evaluation import RegressionEvaluator

evaluator = RegressionEvaluator(labelCol="log_price")
cv = CrossValidator(estimatorParamMaps=grid, evaluator=evaluator,
                    numFolds=3, seed=12)

# %% [markdown]
# `CrossValidator` is an estimator that holds another one. It needs what to fit, the grid, and how
# to compare; what to fit comes in a moment.
#
# **Predict, and write it down:** how many forests will it grow?
#
# We will not take anybody's word for it, but count in Spark's own records. Every job belongs to a
# *job group*, if you name one with `setJobGroup`, and `statusTracker` knows the stages of a group.
# Each forest begins with one stage that counts rows and columns, called `aggregate at
# DecisionTreeMetadata.scala` after its place in Spark's code. `watched`, in the helpers of this
# lesson, runs some work under a new group and counts these stages. An indexer leaves no such
# trace, so we take a `StringIndexer` with a counter of its own:

# %%
counted = draw.CountedIndexer(inputCols=words, outputCols=places,
                              handleInvalid="keep")
cv.setEstimator(Pipeline(stages=[counted, assembler, forest]))
searched, forests, seconds_around = draw.watched(
    spark, lambda: cv.fit(sample))

# %% tags=["nbval-check-output"]
print(f"{len(grid)} settings, {cv.getNumFolds()} folds")
print(f"{forests} forests and {counted.fits()} indexers were fitted")

# %% [markdown]
# Four settings times three folds are 12 forests, and the best setting is fitted once more on all
# rows: 13. Take care in an exam. "How many models does the search compare?" or "How many are
# trained in cross-validation?" means settings times folds, without the last one. Each further
# value in a grid multiplies: three depths, four numbers of trees and five folds would be 60.
#
# Which setting won?

# %% tags=["nbval-check-output"]
for setting, mean, spread in zip(grid, searched.avgMetrics,
                                 searched.stdMetrics, strict=True):
    values = {param.name: value for param, value in setting.items()}
    print(f"{values}  RMSE {mean:.3f}, between folds {spread:.3f}")

# %% [markdown]
# Each setting has the mean of its three errors, and how much they differ from fold to fold. The
# smallest mean has won, and its model is kept:

# %% tags=["nbval-check-output"]
best = searched.bestModel.stages[-1]
print(f"chosen: maxDepth {best.getMaxDepth()}, numTrees {best.getNumTrees}")

# %% [markdown]
# `avgMetrics` and `stdMetrics` stand in the order of the grid, and `bestModel` is the model of the
# last fit. For an RMSE smaller is better, for an AUC larger; the evaluator knows, and
# `CrossValidator` asks it.
#
# The folds differ, too: some are easier than others. All settings meet the same folds, so that is
# fair. Still, a difference between two settings that is small beside it may be chance, and then the
# simpler or faster setting is a fine choice.
#
# **Exercise 2.** How many forests would `addGrid(forest.maxDepth, [2, 4, 6])`, two values of
# `numTrees` and `numFolds=5` grow? Write the number down, then run it under `draw.watched`. (It
# takes about half a minute.)
#
# <details><summary>Answer</summary>
#
# 3 · 2 · 5 = 30 in the search, and 31 with the last fit.
# </details>
#
# ## One split, or many folds?
#
# A cheaper way is to put rows aside once. `TrainValidationSplit` keeps three quarters of the rows
# to learn from and judges on the rest:

# %%
from pyspark.ml.tuning import TrainValidationSplit

split = TrainValidationSplit(
    estimator=Pipeline(stages=[indexer, assembler, forest]),
    estimatorParamMaps=grid, evaluator=evaluator, trainRatio=0.75, seed=12)

# %% tags=["nbval-check-output"]
by_split, forests, _ = draw.watched(spark, lambda: split.fit(sample))
print(f"{forests} forests; RMSE of the four settings:",
      [f"{metric:.3f}" for metric in by_split.validationMetrics])

# %% [markdown]
# Five forests instead of 13: each setting once, and the best one again. What do you get for the
# other eight? To find out, we estimate the error of one and the same model over and over, each
# time with another seed for the split, on the same thousand rows. That is 120 fits, so scikit-learn
# does it.
#
# **Predict:** by how much do the estimates of a single split scatter, in comparison?

# %%
from sklearn.model_selection import KFold, ShuffleSplit, cross_val_score

settled = ScikitForest(15, max_depth=6, max_features=1 / 3, random_state=0)


def estimate(cut):
    scores = cross_val_score(settled, rows, prices, cv=cut,
                             scoring="neg_root_mean_squared_error")
    return -scores.mean()


# %%
table = pd.DataFrame([
    {"one split": estimate(ShuffleSplit(1, test_size=0.25, random_state=i)),
     "3 folds": estimate(KFold(3, shuffle=True, random_state=i))}
    for i in range(30)])

# %% [markdown]
# What these estimates try to hit is the error on new rows, when the model has learned from all of
# the thousand:

# %%
on_new = settled.fit(rows, prices).predict(all_new)
draw.estimates(table, real=rmse(new_prices, on_new))

# %% [markdown]
# Each dot is the same model on the same rows; only the cut differs. In numbers:

# %% tags=["nbval-check-output"]
spread = table.std()
print(f"Standard deviation: one split {spread['one split']:.4f}, 3 folds "
      f"{spread['3 folds']:.4f}: {spread.max() / spread.min():.1f} to 1")

# %% [markdown]
# With one split, the luck of the cut is as large as many a difference between two settings. With
# folds every row is judged once, and this luck averages out. What no cut can take away is the luck
# of the thousand rows themselves: the dashed line need not go through the middle of the dots.
#
# | | TrainValidationSplit | CrossValidator |
# |---|---|---|
# | fits | settings + 1 | settings · folds + 1 |
# | the estimate | depends on one cut | mean of $k$ cuts, scatters less |
# | rows to learn from | `trainRatio` of them | $(k - 1) / k$ of them |
# | take it when | rows are plenty, or fits expensive | rows are few |
#
# With millions of rows one cut is fine, because a validation part of 100,000 rows leaves little to
# luck.
#
# ## What goes inside?
#
# We put the whole pipeline into the `CrossValidator`. The other way round works, too: a pipeline
# whose last stage is a `CrossValidator` that holds only the forest. Then the indexer is fitted
# once, before the search.
#
# **Predict:** how much faster is that? And do the errors change?

# %%
inner = cv.copy().setEstimator(forest)
outer = Pipeline(stages=[counted.reset(), assembler, inner])
inside, forests, seconds_inside = draw.watched(
    spark, lambda: outer.fit(sample))

# %% tags=["nbval-check-output"]
print(f"{forests} forests and {counted.fits()} indexer were fitted")
off = np.subtract(inside.stages[-1].avgMetrics, searched.avgMetrics)
print(f"the errors differ by {abs(off).max():.4f} at most")

# %% [markdown]
# The search inside the pipeline fits one indexer instead of 13. What does it save?

# %%
saved = 1 - seconds_inside / seconds_around
print(f"pipeline in CV {seconds_around:.1f} s, "
      f"CV in pipeline {seconds_inside:.1f} s: {saved:+.0%} saved")

# %% [markdown]
# (The times are of one run each, and of a machine that does other things as well. The share grows
# with the work that the first stages do.) And the errors? An indexer learns only which words there
# are. It does not look at prices, so
# here it hardly matters that it has seen the rows of all folds.
#
# It matters a lot as soon as a stage learns from the *label*. Suppose Ines adds a fine idea: the
# mean log(price) of the block where the flat is. `TargetEncoder` computes it: it replaces each
# category by the mean of the label in its rows. Blocks are squares of about 100 meters, and many
# hold only one or two of the thousand listings.

# %%
def with_blocks(rows):
    square = [F.round(side, 3) for side in ("latitude", "longitude")]
    return rows.withColumn("block", F.concat_ws("/", *square)).cache()


# %% [markdown]
# The stages number the blocks, and then replace each number by the mean of its block:

# %%
from pyspark.ml.feature import SQLTransformer, TargetEncoder

blocks = [
    StringIndexer(inputCol="block", outputCol="no", handleInvalid="keep"),
    TargetEncoder(inputCol="no", outputCol="mean", handleInvalid="keep",
                  labelCol="log_price", targetType="continuous"),
    SQLTransformer(statement="SELECT *, mean + 0 AS level FROM __THIS__")]

# %% [markdown]
# (`TargetEncoder` leaves a note on its column that these were categories; `mean + 0` is a plain
# number without the note.) A small forest gets the numbers and the level of the block:

# %%
few = RandomForestRegressor(labelCol="log_price", numTrees=5, seed=12)
columns = VectorAssembler(inputCols=[*numbers, "level"],
                          outputCol="features")

# %% [markdown]
# Once the whole pipeline goes into the search, and once the search into the pipeline. With a single
# setting and two folds, each fits three forests.
#
# **Predict:** which of the two arrangements reports the smaller error, and which report is true?

# %%
search = cv.copy().setEstimatorParamMaps([{}]).setNumFolds(2)
around = search.copy().setEstimator(Pipeline(stages=[*blocks, columns, few]))
within = Pipeline(stages=[*blocks, columns, search.setEstimator(few)])
streets = with_blocks(sample)
around, within = around.fit(streets), within.fit(streets)

# %% tags=["nbval-check-output"]
rest = with_blocks(mixed.subtract(sample.select(mixed.columns)))
print(f"pipeline in CV reports {around.avgMetrics[0]:.3f}, "
      f"CV in pipeline {within.stages[-1].avgMetrics[0]:.3f}; on the other "
      f"training rows it is {evaluator.evaluate(around.transform(rest)):.3f}")

# %% [markdown]
# With the search inside the pipeline, the encoder has seen the prices of all rows, also of those
# that judge. For a listing that is alone on its block, the "mean of the block" is its own price.
# The forest reads the answer off the question, and the search reports an error that no new listing
# will ever confirm. Compare it with the noise, whose standard deviation you know: no honest model
# gets below that. This is **leakage**. With the pipeline inside the search, each fold learns its
# own means. Its report is a little too careful, as each model had only half of the rows, and much
# closer to what new rows say.
#
# So what? Whatever is fitted goes inside the `CrossValidator`. Take a stage out of it only if it
# learns nothing from labels, and you need the time.
#
# ## Side by side
#
# The fits of a search do not need each other. `parallelism` says how many of them Spark may work
# at simultaneously; the default is 1. It does not change what is computed.
#
# **Predict:** on two cores, how much faster is a search with `parallelism=2`?

# %%
tiny = ParamGridBuilder().addGrid(forest.maxDepth, [1, 2]).build()
quick = inner.copy().setEstimatorParamMaps(tiny).setNumFolds(2)
ready = vectors.select("features", "log_price").cache()

# %%
from course_utils import measure

quick.fit(ready)  # the first one pays for loading
times = {n: measure(lambda n=n: quick.setParallelism(n).fit(ready), 3)
         for n in (1, 2)}

# %% [markdown]
# Each of these searches fits five small forests. The medians of three runs:

# %%
for parallel, seconds in times.items():
    print(f"parallelism={parallel}: {seconds}")
print(f"{times[1].median / times[2].median:.1f} times as fast with 2")

# %% [markdown]
# Two fits side by side are not twice as fast. Each fit already uses the cores for its own tasks,
# and what runs in parallel is mostly the waiting between its many small jobs. On a cluster with
# free cores the gain is larger. Spark's guide advises to stay below what the cluster can run, and
# names 10 as enough for most.
#
# ## The best of many test scores
#
# One temptation is left. Why not skip all these folds, and take the setting with the best error on
# the test rows? Suppose there are $k$ models that are all equally good: each is right for 70 % of
# the listings. We test them on the same number of rows, and keep the best score.
#
# **Predict:** with 100 test rows and 50 models, what does the best one score?

# %%
rng, best_scores = np.random.default_rng(12), {}
for n in (100, 1_000):
    scores = rng.binomial(n, 0.7, size=(5_000, 50)) / n
    best_scores[n] = {k: scores[:, :k].max(axis=1).mean()
                      for k in (1, 2, 5, 10, 20, 50)}

# %%
draw.best_of(best_scores, real=0.7)

# %% [markdown]
# Nobody cheated, and none of these models is better than the others. The best of many scores is
# high because it was the luckiest. The fewer test rows and the more models, the more luck.
#
# Ines does it wrong once. She grows 30 forests that differ in nothing but their seed, and takes the
# one with the smallest error on 100 test rows.

# %%
def said_by(seed):
    model = ScikitForest(10, max_features=1 / 3, random_state=seed)
    return model.fit(rows, prices).predict(all_new)


misses = np.square([said_by(seed) - new_prices for seed in range(30)])

# %% [markdown]
# `misses` has a row for each seed and a column for each test row. By how much does the chosen seed
# lead, compared with the average seed?

# %%
def lead(winner, listings):
    """By how much its RMSE is below the average, on some of the listings."""
    errors = np.sqrt(misses[:, listings].mean(axis=1))
    return errors.mean() - errors[winner]


# %% tags=["nbval-check-output"]
winner = misses[:, :100].mean(axis=1).argmin()
print(f"on the rows that chose it {lead(winner, slice(0, 100)):.3f}, "
      f"on the other new rows {lead(winner, slice(100, None)):.3f}")

# %% [markdown]
# Perhaps these 100 rows were special. So we do it 500 times, each time with another 100 rows as
# judges:

# %% tags=["nbval-check-output"]
leads, rng = [], np.random.default_rng(1)
for _ in range(500):
    order = rng.permutation(len(new_prices))
    winner = misses[:, order[:100]].mean(axis=1).argmin()
    leads.append([lead(winner, order[:100]), lead(winner, order[100:])])
print("on average {:.3f} and {:.3f}".format(*np.mean(leads, axis=0)))

# %% [markdown]
# On the rows that chose it, the winner looks clearly better than the average forest. On new rows
# most of that lead is gone: it was luck. What is left is real, as some seeds do make slightly
# better forests, but the winner's own score can't tell you how much is left. Only rows that did not
# choose can.
#
# So: choose by cross-validation, on training rows. Then open the test rows once, for the one model
# that was chosen.

# %% tags=["nbval-check-output"]
new_logs = test.withColumn("log_price", F.log("price"))
final = evaluator.evaluate(searched.transform(new_logs))
print(f"RMSE on the test rows {final:.3f}; the search had promised "
      f"{min(searched.avgMetrics):.3f}; the noise alone is {sigma:.2f}")

# %% [markdown]
# **Exercise 3.** Fit `searched.bestModel`'s settings to all training rows instead of a thousand
# (`Pipeline(stages=[indexer, assembler, forest]).fit(logs, searched.getEstimatorParamMaps()[i])`
# with the right `i`). By how much does the error fall? Compare it with the step from the first to
# the last row of the grid.
#
# <details><summary>What to look for</summary>
#
# Whether rows or settings help more. Five times as many rows lower the variance of every tree, so
# a deeper tree may become the best setting: the best depth depends on the number of rows, and a
# search on a sample finds the best setting for the sample.
# </details>
#
# ## What you know now
#
# - An error is noise, squared bias and variance. Deep trees have little bias and much variance.
# - Bagging averages trees that learned from bootstrap samples, each of which misses 36.8 % of the
#   rows. A forest also hides columns from each split, so that the trees have less in common.
# - A forest predicts the mean of its trees; for classes, the mean of their probabilities.
# - Cross-validation fits settings · folds models and then the best setting once more. One split is
#   cheaper, and its result depends more on luck.
# - What learns from labels goes inside the cross-validator, and the best of many test scores is
#   too good to be true.
#
# Trees can be combined in other ways. *Boosting* grows small trees one after the other, each on
# what the ones before have left over; it lowers the bias, does not parallelize over trees, and can
# overfit with more of them (lesson 16). *Stacking* trains a further model on the predictions of
# several different ones.
#
# **On Databricks**
#
# - These classes are the same there: `pyspark.ml` on classic compute, and through Spark Connect
#   since Databricks Runtime 17.0 on standard compute. There a model may have 1 GB at most, and
#   the training of trees stops early before it gets larger.
# - In a notebook on an ML runtime, autologging calls `mlflow.autolog()` for you. A search becomes
#   one MLflow run with a child run for each *setting* of the grid (not for each fit), and the
#   artifact `best_parameters.json`. On serverless compute you have to switch it on yourself.
# - An older way, "MLlib automated MLflow tracking", is off since runtime 10.2 ML, and autologging
#   has taken its place. Old exam questions may still name it.
# - We counted with job groups, which belong to `spark.sparkContext`. Compute in dedicated access
#   mode has it; standard and serverless compute do not, so there you count in your head.
#
# **Exam:** how cross-validation and a train–validation split differ, and when to take which; how
# to run a cross-validation in Spark ML; how many models a grid with k folds fits; what a model's
# complexity does to bias and variance; how bagging, boosting and stacking combine models
#
# **Check yourself:** your grid has three values of `maxDepth` and two of `numTrees`, and `numFolds`
# is 4. How many models are compared, how many pipelines are fitted in all, and how many would it be
# with `TrainValidationSplit`?
#
# <details><summary>Answer</summary>
#
# The grid has 3 × 2 = 6 settings. `CrossValidator` fits each of them in 4 folds, which is 24
# pipelines, and then the best setting once more on all rows: 25. `TrainValidationSplit` fits each
# once, and the best once more: 7.
# </details>
#
# **Next:** the lab, in which you tune a forest that tells expensive listings from others. Then
# lesson 13: a search that does not try everything.
