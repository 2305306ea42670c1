# %% [markdown]
# # 16 · XGBoost and boosting
#
# Kofi suggests prices to the hosts of his city. He uses a random forest, and it has served him
# well. Now his boss is back from a conference with two orders. Throw the forest away, because
# everybody who wins uses XGBoost. And rent a cluster of eight machines for it, because XGBoost can
# be distributed. Both by Friday.
#
# Kofi tries the first one at once. It is a matter of one line: `XGBRegressor()` in the place of
# the forest. His error goes up. He knows people who win with XGBoost, and he trusts his own
# numbers. Can both be right?
#
# **The question:** how can a sum of weak models beat a forest, when does it fail, and when is a
# cluster worth its money?
#
# - **Time:** 50 minutes
# - **Before you start:** decision trees (lesson 11), bias, variance and forests (lesson 12)
# - **Data:** `listings`, places to rent in one city, with the price per night

# %%
import numpy as np
import pandas as pd
from sklearn.ensemble import BaggingRegressor, RandomForestRegressor
from sklearn.metrics import root_mean_squared_error as rmse
from sklearn.tree import DecisionTreeRegressor
from xgboost import XGBRegressor

from course_utils import get_spark, helpers, load_split

spark, draw = get_spark("16_xgboost"), helpers("16")
train, test = load_split("listings")
rows, prices, new, new_prices = draw.as_numbers(train, test)

# %% [markdown]
# The first half of this lesson fits many small models, so it runs on one machine, without Spark.
# `as_numbers` copies the listings into this notebook, about 7,000 rows and 2 MB, and replaces each
# word by a number. `prices` holds log(price). All that `new` does is judge.
#
# A **stump** is a tree with one single question. No model is weaker, so let us see what a hundred
# of them can do: once averaged, as in lesson 12, and once added up.
#
# **Predict:** in which order do these five models end?

# %%
stump = DecisionTreeRegressor(max_depth=1)
forest = RandomForestRegressor(100, max_features=1 / 3, n_jobs=2,
                               random_state=16)
models = {"one stump": stump,
          "100 stumps, averaged": BaggingRegressor(stump, 100, random_state=16),
          "100 stumps, added": XGBRegressor(max_depth=1, n_jobs=1),
          "a forest": forest,
          "XGBRegressor()": XGBRegressor(n_jobs=1)}
errors = {name: rmse(new_prices, model.fit(rows, prices).predict(new))
          for name, model in models.items()}
draw.ladder(errors)

# %% [markdown]
# `XGBRegressor` fits 100 trees unless you say otherwise. With `max_depth=1` they are stumps, and
# it adds them up. (`n_jobs=1` is the number of threads.)
#
# Look at the second bar and the third. They are made of the same hundred bricks. An average of
# stumps is as bad as one stump, and their sum is a good model. Then look at the last two: Kofi has
# computed correctly. With the settings that it comes with, XGBoost has deeper trees and a larger
# error than his forest. To see why, we need to know how such a sum is made.
#
# ## Four guests, two rounds
#
# Four guests of a hostel have told us their age, the hours they work in a week, and what they paid
# for a night: 40, 60, 30 and 33 dollars. **Boosting** starts with one number for all, the mean:
#
# $$\frac{40 + 60 + 30 + 33}{4} = 40.75$$
#
# **Round 1.** What is left over? The residuals are −0.75, 19.25, −10.75 and −7.75. Now a stump is
# fitted *to the residuals*. The best question is whether somebody is older than 37.5. Ben is, and
# gets his own residual, 19.25. The three others get the mean of theirs,
# (−0.75 − 10.75 − 7.75) / 3 = −6.417. We add this to 40.75.
#
# **Round 2.** Again: what is left over now? The next stump learns *that*. The best question is now
# about the hours: Ana works most, her 5.667 are repaired, and the others get −1.889.
#
# | | age | hours | paid | left over | stump 1 | sum | left over | stump 2 | sum | left over |
# |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
# | Ana | 30 | 35 | 40 | −0.75 | −6.417 | 34.333 | 5.667 | 5.667 | 40.000 | 0.000 |
# | Ben | 45 | 30 | 60 | 19.25 | 19.250 | 60.000 | 0.000 | −1.889 | 58.111 | 1.889 |
# | Cleo | 22 | 10 | 30 | −10.75 | −6.417 | 34.333 | −4.333 | −1.889 | 32.444 | −2.444 |
# | Dan | 27 | 20 | 33 | −7.75 | −6.417 | 34.333 | −1.333 | −1.889 | 32.444 | 0.556 |
#
# Ben was perfect after round 1 and is not any more: the second stump repairs the most it can for
# all four together. In a picture:
#
# ```mermaid
# flowchart LR
#     labels["labels"] --> mean("mean<br/>40.75")
#     mean -->|left over| one("stump 1:<br/>age")
#     one -->|left over| two("stump 2:<br/>hours")
#     two -->|left over| more("…")
#     mean -->|add| sum["prediction"]
#     one -->|add| sum
#     two -->|add| sum
#     more -->|add| sum
# ```
#
# In words: each stump learns what all before it have left over, and the prediction is the mean
# plus all stumps. The trees of a forest can grow side by side. These must wait for each other.
#
# The same in code:

# %%
asked = pd.DataFrame({"age": [30, 45, 22, 27], "hours": [35, 30, 10, 20]},
                     index=["Ana", "Ben", "Cleo", "Dan"])
paid = pd.Series([40, 60, 30, 33], index=asked.index)

# %%
said = [np.full(4, paid.mean())]
for _ in range(2):
    stump.fit(asked, paid - said[-1])
    said.append(said[-1] + stump.predict(asked))

# %% [markdown]
# `said` is a list: the mean for all, then the predictions after each round. The third line is the
# whole idea: what is left over, `paid - said[-1]`, is the *label* of the next stump.

# %%
draw.rounds(paid, said)

# %% [markdown]
# The bars are the columns "left over" of the table.
#
# **Predict:** now XGBoost gets the same four rows, two stumps and full steps. Will it find our
# numbers?

# %% tags=["nbval-check-output"]
steps = {"n_estimators": 2, "max_depth": 1, "learning_rate": 1, "n_jobs": 1}
for weight in (0, 1):
    model = XGBRegressor(**steps, reg_lambda=weight).fit(asked, paid)
    print(f"reg_lambda={weight}", model.predict(asked).round(2))

# %% [markdown]
# With `reg_lambda=0` it does: compare with the second "sum" of the table. The default is 1, and
# then it is more careful. The value of a leaf with the residuals $r_i$ of $n$ rows, and what a
# split into a left and a right part gains, are
#
# $$w = \frac{\sum r_i}{n + \lambda} \qquad\qquad
# \text{gain} = \frac12\left[\frac{(\sum_L r_i)^2}{n_L + \lambda} +
# \frac{(\sum_R r_i)^2}{n_R + \lambda} - \frac{(\sum r_i)^2}{n + \lambda}\right] - \gamma$$
#
# In the first round Ben is alone in his leaf, and gets 19.25 / 2 = 9.62 instead of 19.25. The leaf
# of the other three is divided by 4 instead of 3. So $\lambda$ distrusts small leaves most, and
# $\gamma$ (`gamma`) forbids splits that gain less than it. This is **regularization**, and it is
# built into every tree of XGBoost.
#
# Why is it called *gradient* boosting? If you move a prediction a little, its squared error
# changes by an amount that is proportional to its residual. So the residuals say in which
# direction to move all predictions for the error to fall fastest: they are the negative gradient.
# With another loss, each tree learns the gradient of that loss, and all else stays the same.
#
# **Exercise 1.** `learning_rate` shortens each step: the stump is multiplied by it before it is
# added. What does XGBoost predict for Ben after one round with 0.5 (and `reg_lambda=0`)? Compute
# it by hand, then check it with `n_estimators` 1.
#
# <details><summary>Answer</summary>
#
# 40.75 + 0.5 · 19.25 = 50.375. What is left of his residual, 9.625, is the next stump's business.
# With small steps many trees share the work, and none of them can spoil much. So the learning rate
# and the number of trees belong together: half the step, about twice the trees.
# </details>
#
# ## To the left, or down
#
# Lesson 12 took errors apart into noise, squared bias and variance. Bagging starts with deep
# trees, which have little bias and much variance, and averages the variance away. Boosting starts
# at the other end: its first guess is the same for everybody, which cannot vary much and is wrong
# nearly everywhere. Which way do the two go as their trees become more?
#
# To measure it we need many training sets and the right answers. `get_truth` has them, because
# this course generates its listings:

# %%
from course_utils import get_truth

truth = get_truth("listings")
right, right_new, sigma = draw.right_prices(train, test, truth)
known, some = rows.to_numpy(), new.to_numpy()[:400]

# %% [markdown]
# `right` holds log(price) without noise, and `sigma` is the size of the noise. (If you use a real
# file, a formula that is fitted to your listings takes the place of the truth.) A training set is
# a thousand listings, each with a log(price) that is drawn anew:

# %%
def sample(rng):
    drawn = rng.choice(len(known), 1_000, replace=False)
    return known[drawn], right[drawn] + sigma * rng.standard_normal(1_000)


# %% [markdown]
# We ask each method about the same 400 new listings, at several stages:

# %%
def boosted(x, y):
    booster = XGBRegressor(n_estimators=300, max_depth=3, n_jobs=1,
                           learning_rate=0.1).fit(x, y)
    return [booster.predict(some, iteration_range=(0, n)) for n in ROUNDS]


# %% [markdown]
# `iteration_range` uses only the first trees of a booster, so one fit shows all stages. A forest of
# scikit-learn chooses among all columns unless you say otherwise, and that is plain bagging:

# %%
def bagged(x, y):
    bag = RandomForestRegressor(50, n_jobs=2, random_state=16).fit(x, y)
    each = np.array([tree.predict(some) for tree in bag.estimators_])
    return [each[:n].mean(axis=0) for n in TREES]


# %% [markdown]
# Each method gets 20 training sets. `draw.parts` is that of lesson 12: variance is how far the
# predictions of the 20 scatter around their average, and bias is how far this average is from the
# truth.

# %%
def path(method, stages):
    rng = np.random.default_rng(16)
    said = np.array([method(*sample(rng)) for _ in range(20)])
    return dict(zip(stages, draw.parts(said, right_new[:400]), strict=True))


# %% [markdown]
# **Predict:** in a plane with the squared bias to the right and the variance upwards, where does
# each method start, and in which direction does it go? Does either of them turn back?

# %%
ROUNDS, TREES = [1, 5, 10, 20, 50, 100, 300], [1, 2, 5, 10, 50]
paths = {"boosting": path(boosted, ROUNDS), "bagging": path(bagged, TREES)}
draw.plane(paths)

# %% [markdown]
# On a gray circle the sum is the same everywhere, so the corner is where we want to be. Bagging
# falls straight down: its bias stays what it was with one tree. Boosting runs to the left: its
# bias falls with each round, and it pays a little variance for each. At the end it turns up. From
# there on a round costs more variance than it saves bias. **More trees never hurt bagging, and too
# many do hurt boosting.**
#
# (On the usual picture, with simple models on the left and flexible ones on the right, people say
# that boosting "works right" and bagging "works left". It is the same thing: boosting starts
# simple and removes bias, bagging starts flexible and removes variance.)

# %% tags=["nbval-check-output"]
for name, stages in paths.items():
    best = min(stages, key=lambda n: sum(stages[n]))
    print(f"{name}: best with {best} trees, bias² + variance = "
          f"{sum(stages[best]):.3f}")

# %% [markdown]
# **Exercise 2.** Give `boosted` a `learning_rate` of 1 and draw the plane again. Where is the best
# stage now, and is it better or worse? Then go back to 0.1 and try `max_depth=1`.
#
# <details><summary>What you will find</summary>
#
# With full steps the path jumps to the left within a few rounds and then climbs steeply: the best
# stage has only a handful of trees, and about twice the error. With stumps the path runs closer to
# the bottom, and reaches the best sum later. In the generated city stumps are enough, because
# there log(price) is a sum of effects of single columns. If two columns matter *together*, a tree
# must be able to ask about both, so real listings want a depth of 3 and more.
# </details>
#
# ### A third way to combine
#
# Bagging averages equals, and boosting adds up repairs. **Stacking** fits a last model to the
# predictions of several different ones. The last model must not learn from predictions of rows
# that the others have seen, so `StackingRegressor` gives it those of a cross-validation:

# %%
from sklearn.ensemble import StackingRegressor
from sklearn.linear_model import LinearRegression

few, few_prices = rows[:1_000], prices[:1_000]
pair = {"forest": RandomForestRegressor(50, max_features=1 / 3, n_jobs=2,
                                        random_state=16),
        "boosting": XGBRegressor(max_depth=3, learning_rate=0.1, n_jobs=1)}
stack = StackingRegressor(list(pair.items()), LinearRegression(), cv=3)

# %% tags=["nbval-check-output"]
for name, model in {**pair, "stack of both": stack}.items():
    told = model.fit(few, few_prices).predict(new)
    print(f"{name:14} {rmse(new_prices, told):.3f}")

# %% [markdown]
# A stack gains what its members do not have in common. These two are both made of trees, and both
# have seen the same thousand rows, so do not expect much. You pay with two models to keep up, and
# with four fits of each.
#
# ## Knowing when to stop
#
# So the number of rounds matters, and Kofi's first try used 100 because that is the default. Let
# the data choose instead. **Early stopping** puts some rows aside, watches the error on them after
# each round, and stops when it has not fallen for a while.
#
# From here on we use Spark. First the names of the columns:

# %%
words = [name for name, kind in train.dtypes if kind == "string"]
numbers = [c for c in train.columns if c not in (*words, "price")]
places = [f"{word}_no" for word in words]

# %% [markdown]
# Two stages of a pipeline are as in lesson 11. Words become indices, and all becomes one vector.

# %%
from pyspark.ml.feature import StringIndexer, VectorAssembler

indexer = StringIndexer(inputCols=words, outputCols=places,
                        handleInvalid="keep")
assembler = VectorAssembler(inputCols=[*places, *numbers],
                            outputCol="features", handleInvalid="keep")

# %% [markdown]
# (Why `handleInvalid="keep"` in the assembler? It lets missing values through. We come to that.)
#
# In Spark you do not pass a second data frame for the validation. You pass the name of a column of
# booleans, and its true rows are held out. A hash of the place picks every fifth one:

# %% tags=["nbval-check-output"]
from pyspark.sql import functions as F

fifth = F.pmod(F.hash("latitude", "longitude"), F.lit(5)) == 0
logs = train.withColumns({"log_price": F.log("price"), "held": fifth}).cache()
logs.groupBy("held").count().orderBy("held").show()

# %% [markdown]
# `SparkXGBRegressor` is XGBoost as an estimator of Spark ML. (The last line and, below, `verbose`
# keep it from reporting each fit and each round in red.)

# %%
import logging

from xgboost.spark import SparkXGBRegressor

logging.getLogger("XGBoost-PySpark").setLevel(logging.WARNING)

# %% [markdown]
# Its parameters are those of `XGBRegressor`, with the names of columns besides:

# %%
common = {"label_col": "log_price", "num_workers": 2, "verbose": False}
watch = {"validation_indicator_col": "held", "eval_metric": "rmse",
         "early_stopping_rounds": 30}
hasty = SparkXGBRegressor(**common, **watch, n_estimators=500)

# %% [markdown]
# `num_workers=2` cuts the rows into two parts, each with a Spark task that works for the whole
# fit. `watch` says which rows are held out, by which measure they judge, and that 30 rounds
# without progress are enough. `n_estimators=500` is now only an upper limit.
#
# **Predict:** depth 6 and a learning rate of 0.3 are the defaults that Kofi used. At which round
# would he have done best to stop?

# %%
from pyspark.ml import Pipeline, PipelineModel

fitted = Pipeline(stages=[indexer, assembler, hasty]).fit(logs).stages[-1]
best = fitted.get_booster().best_iteration
draw.curve(fitted.training_summary, best)

# %% [markdown]
# `training_summary` keeps the errors of all rounds, and `best_iteration` counts from 0. On the rows
# it learns from, the error falls and falls. On the rows held out it soon stops falling. The fitted
# model knows that, and predicts with the trees up to the best round only.

# %% tags=["nbval-check-output"]
print(f"{best + 1} rounds would have done; Kofi took 100, "
      f"{100 / (best + 1):.1f} times as many")

# %% [markdown]
# What came after the diamond cost more variance than it saved bias, and there lies Kofi's problem.
# The people who win with XGBoost stop in time.
#
# ## Smaller steps, and other brakes
#
# Stopping earlier is one brake. What do the others do? We try them with `XGBRegressor`, which is
# the same program without Spark, on the same rows:

# %%
held = logs.select("held").toPandas()["held"].to_numpy()


def stopped(**settings):
    """Rounds until the best one, and the errors held out and on new rows."""
    model = XGBRegressor(n_estimators=2_000, early_stopping_rounds=30,
                         n_jobs=1, random_state=16, **settings)
    model.fit(rows[~held], prices[~held], verbose=False,
              eval_set=[(rows[held], prices[held])])
    told = model.predict(new)
    return model.best_iteration + 1, model.best_score, rmse(new_prices, told)


# %% [markdown]
# Here the rows held out are passed as `eval_set`. The limit of 2,000 rounds is never in the way.
#
# **Predict:** which of these helps most: smaller steps, shallower trees, a larger $\lambda$, or a
# random half of rows and columns for each tree?

# %% tags=["nbval-check-output"]
half = {"subsample": 0.5, "colsample_bytree": 0.5}
tried = {"as it comes": {}, "reg_lambda 30": {"reg_lambda": 30},
         "half of rows and columns": half, "max_depth 3": {"max_depth": 3},
         "learning_rate 0.05": {"learning_rate": 0.05},
         "max_depth 3, rate 0.05": {"max_depth": 3, "learning_rate": 0.05}}
table = pd.DataFrame({name: stopped(**each) for name, each in tried.items()},
                     index=["rounds", "held out", "new"]).T
print(table.round(3).to_string())

# %% tags=["nbval-check-output"]
chosen = table["held out"].idxmin()
print(f"held out, “{chosen}” is best: {table.loc[chosen, 'new']:.3f} on new "
      f"rows; the forest {errors['a forest']:.3f}, the first try "
      f"{errors['XGBRegressor()']:.3f}, noise {sigma:.3f}")

# %% [markdown]
# Compare the first line with the two that have a rate of 0.05: small steps need several times the
# rounds, and reach a lower error. This is the safest advice on boosting: take a small learning
# rate, and let early stopping find out the number of rounds. Shallow trees brake in another way,
# and go well with it. What the rest is worth depends on the data, and more so with few rows and
# many columns; lesson 13 shows how to search for all settings at once. We chose by the rows held
# out, and the column `new` is only there to see how it went.
#
# One thing is left to do in practice. The rows held out have taught the model nothing. When the
# number of rounds is known, fit once more to all rows with exactly this number, and no watching.
#
# ## Missing values
#
# `SparkXGBRegressor` accepts missing values. At each split it tries what happens if all rows
# without a value go to the left, and if they go to the right, and keeps the better way. This
# *default direction* is stored in the tree. Is it better than to fill the holes?
#
# We make holes on purpose, in four columns of training and new rows:

# %%
both = pd.concat([rows, new], ignore_index=True).astype(float)
size = ["accommodates", "bedrooms", "beds", "bathrooms"]

# %% [markdown]
# In the first case the four are missing by chance, in 40 % of all listings. In the second case it
# is the hosts of places for more than four guests who do not bother to fill them in, four out of
# five of them.

# %%
rng = np.random.default_rng(16)
chance = rng.random(len(both)) < 0.4
many = both["accommodates"].to_numpy() > 4
large = many & (rng.random(len(both)) < 0.8)

# %% [markdown]
# One setting of XGBoost judges them all, on the new rows:

# %%
def error(x):
    model = XGBRegressor(n_estimators=150, max_depth=3, learning_rate=0.1,
                         n_jobs=1).fit(x[:len(rows)], prices)
    return rmse(new_prices, model.predict(x[len(rows):]))


# %% [markdown]
# There are three treatments: leave the holes as they are, fill them with the median, or fill them
# and add a column that says so, as lesson 04 did. Medians come from the training rows.

# %%
def treated(gone):
    holes = both.mask(both.columns.isin(size) & gone.reshape(-1, 1))
    filled = holes.fillna(holes[:len(rows)].median())
    return {"native": error(holes), "median": error(filled),
            "median and flag": error(filled.assign(gone=gone))}


# %% [markdown]
# **Predict:** in which of the two cases does filling with the median cost most?

# %% tags=["nbval-check-output"]
holes = {"by chance": treated(chance), "large places": treated(large)}
print(f"nothing missing: {error(both):.3f}")
print(pd.DataFrame(holes).T.round(3).to_string())
for name, each in holes.items():
    print(f"{name}: the median costs {each['median'] - each['native']:.3f}")

# %% [markdown]
# The last two lines compare the median with leaving the holes as they are. If it is the large
# places that are missing, the median declares them to be of medium size, and the model must
# believe it. Left alone, XGBoost learns that *no entry* means *large*. The flag
# rescues the median, because it says the same thing. So native treatment is not magic. It is the
# flag without the work, and it cannot be forgotten.
#
# In Spark, a null becomes NaN in the vector when the assembler has `handleInvalid="keep"`. Its
# default is to stop with an error. XGBoost takes a NaN as missing. Does Spark's own boosting,
# `GBTRegressor`? In `gaps`, all of the large places are without a number of guests:

# %%
small = F.col("accommodates") <= 4
gaps = logs.withColumn("accommodates", F.when(small, F.col("accommodates")))
ready = Pipeline(stages=[indexer, assembler]).fit(logs)

# %% [markdown]
# `F.when` without an `otherwise` gives null. Five trees are enough for an answer:

# %%
from pyspark.errors import PySparkException
from pyspark.ml.regression import GBTRegressor

few_trees = {"xgboost": SparkXGBRegressor(**common, n_estimators=5),
             "gbt": GBTRegressor(labelCol="log_price", maxIter=5, maxBins=64)}

# %% tags=["nbval-check-output"]
for name, estimator in few_trees.items():
    try:
        estimator.fit(ready.transform(gaps))
        print(f"{name}: fitted")
    except PySparkException as refusal:
        print(f"{name}: {str(refusal).split(', but')[0]}")

# %% [markdown]
# It does not, so for `GBTRegressor` an `Imputer` belongs into the pipeline.
#
# A trap: old notebooks set `missing=0`. Then every zero counts as missing, a studio with 0 bedrooms
# as well as a false flag. It was meant for sparse vectors, in which zeros are not stored. For those
# there is `enable_sparse_data_optim=True`, which demands `missing=0.0` and only makes sense if a
# zero means nothing.
#
# ## Four programs, the same rows
#
# Now to the second order, the cluster. Four programs can boost Kofi's listings. Two of them run in
# Spark, two on one machine: `XGBRegressor`, and `LGBMRegressor` of LightGBM, a relative that grows
# the leaf with the largest gain first instead of level by level. All get 30 trees of depth 3.

# %%
from lightgbm import LGBMRegressor

same = {"n_estimators": 30, "max_depth": 3, "learning_rate": 0.3}
alone = {"XGBoost": XGBRegressor(**same, n_jobs=1),
         "LightGBM": LGBMRegressor(**same, num_leaves=8, n_jobs=1, verbose=-1)}

# %% [markdown]
# The two in Spark get the same settings, under other names:

# %%
spread = {"SparkXGBRegressor": SparkXGBRegressor(**common, **same),
          "GBTRegressor": GBTRegressor(labelCol="log_price", maxIter=30,
                                       maxDepth=3, stepSize=0.3, maxBins=64)}

# %% [markdown]
# `maxIter` is what Spark calls the rounds, and `stepSize` the learning rate. `maxBins` must be at
# least the number of different words in a column: `GBTRegressor` sees from the indexer that these
# are categories and splits them into two sets, while XGBoost reads the index as a plain number.
#
# The rows wait in memory, in two partitions, as vectors:

# %%
vectors = ready.transform(logs).select("features", "log_price")
vectors = vectors.repartition(2).cache()
later = ready.transform(test.withColumn("log_price", F.log("price"))).cache()
print(f"{vectors.count():,} rows, {later.count():,} new ones")

# %% [markdown]
# An evaluator measures the error in Spark:

# %%
from pyspark.ml.evaluation import RegressionEvaluator

judge = RegressionEvaluator(labelCol="log_price", metricName="rmse")

# %% [markdown]
# `draw.jobs` runs a fit, counts the Spark jobs that it starts, and takes the time.
#
# **Predict:** how many Spark jobs does each of the four need for 30 trees of depth 3?

# %%
found = {}
for name, estimator in spread.items():
    model, jobs, seconds = draw.jobs(spark, lambda e=estimator: e.fit(vectors))
    found[name] = judge.evaluate(model.transform(later)), jobs, seconds

# %% [markdown]
# The two others learn from the rows in the notebook:

# %%
for name, model in alone.items():
    _, jobs, seconds = draw.jobs(spark, lambda m=model: m.fit(rows, prices))
    found[name] = rmse(new_prices, model.predict(new)), jobs, seconds
found = pd.DataFrame(found, index=["RMSE", "jobs", "seconds"]).T

# %% tags=["nbval-check-output"]
print(found[["RMSE", "jobs"]].round(3).to_string())

# %% [markdown]
# And the time, of one run each:

# %%
print(found["seconds"].round(2).to_string())
gbt = found.loc["GBTRegressor"]
print(f"GBTRegressor: {gbt['seconds'] / gbt['jobs']:.3f} s for each job, "
      f"{gbt['seconds'] / found.loc['XGBoost', 'seconds']:,.0f} times XGBoost")

# %% [markdown]
# The errors are close: it is the same idea four times. The times, which are those of your machine,
# are not. The number of jobs explains why.
#
# `GBTRegressor` starts a job for each level of each tree, one after the other. In each job the
# tasks count their rows into histograms, as in lesson 11, the driver adds the histograms up and
# chooses the splits, and the next job begins. Each job has its price, even with a handful of rows;
# the last line above says how high it is.
#
# `SparkXGBRegressor` starts **one** job for all trees. It is a *barrier* stage: its tasks must all
# run at the same time, or none. Each keeps its rows in XGBoost's own format, and they send each
# other their histograms directly:
#
# ```mermaid
# flowchart LR
#     table[("table in Spark")] -->|once| w1("task 1: its rows<br/>in XGBoost")
#     table -->|once| w2("task 2: its rows<br/>in XGBoost")
#     w1 <-->|"sum of histograms,<br/>each level of each tree"| w2
#     w1 -->|at the end| model["model in the driver"]
# ```
#
# In words: rows move once, and then only sums of histograms travel, whose size does not depend on
# the number of rows. Each task adds them up to the same sums, so each grows the same tree. And if
# one task dies, the stage starts again from the beginning. Both distribute the *rows* of one tree.
# Neither grows two trees at once, as a forest could: the next tree needs what this one leaves over.
#
# ## When does a cluster pay?
#
# The fixed costs of a job should matter less with more rows. We make the table larger: the same
# listings over and over, each copy with a little noise on its price.

# %%
ten = numbers[:10]
vector = VectorAssembler(inputCols=ten, outputCol="features")
table = draw.larger(logs, ten, times=2)
print(f"{table.count():,} rows, {len(table.columns)} columns")

# %% [markdown]
# To keep it short we take ten columns and 10 rounds. The race starts with a table in Spark, because
# that is where large tables are. So the program on one machine must first fetch the rows:

# %%
short = {"n_estimators": 10, "max_depth": 3}


def one_machine(table):
    fetched = table.toPandas()
    XGBRegressor(**short, n_jobs=2).fit(fetched[ten], fetched["log_price"])


# %% [markdown]
# The two others leave the rows where they are:

# %%
def two_workers(table):
    SparkXGBRegressor(**common, **short, features_col=ten).fit(table)


def spark_gbt(table):
    GBTRegressor(labelCol="log_price", maxIter=10,
                 maxDepth=3).fit(vector.transform(table))


# %% [markdown]
# `toPandas` is all right up to here: the largest table has ten columns of 225,000 numbers, 20 MB.
# `features_col` may be a list of columns, and then XGBoost needs no vector. All three have two
# cores: `one_machine` by two threads, the others by two tasks.

# %%
racers = {"one machine": one_machine, "2 workers": two_workers,
          "GBTRegressor": spark_gbt}

# %% [markdown]
# `measure` calls a fit three times (`GBTRegressor` once, it takes long enough).
#
# **Predict:** which one is the fastest with 5,600 rows? And with 40 times as many?

# %%
from course_utils import measure

times = {}
for factor in (1, 8, 40):
    table = draw.larger(logs, ten, factor)
    n = table.count()
    for name, fit in racers.items():
        runs = 1 if fit is spark_gbt else 3
        times[name, n] = measure(lambda f=fit, t=table: f(t), runs)
    table.unpersist()

# %%
draw.race(times)

# %% [markdown]
# The bars span the fastest and the slowest call. In numbers:

# %%
for n in dict.fromkeys(size for _, size in times):
    ratio = times["2 workers", n].median / times["one machine", n].median
    print(f"{n:9,} rows: 2 workers take {ratio:.1f} times as long "
          "as one machine")

# %% [markdown]
# With few rows the two workers have hardly begun when the single machine is done: they start
# Python processes, wait for each other at the barrier, and only then look at the rows. That price
# is nearly the same at each size, so the ratio falls as rows become more. How far it falls depends
# on your machine. Two workers on two cores are no more than two threads on two cores, so all they
# can save here is the way of the rows to the notebook.
#
# That a fit takes a minute is no reason to rent a cluster. A cluster pays
#
# - when the rows do not fit into the memory of one machine. Count generously: the rows as they
#   come, XGBoost's own copy, and the model's gradients, together several times the table;
# - when they do fit, but one machine with all its cores is too slow, and there are machines with
#   *more* cores in all;
# - when the rows are in Spark anyway, the model is a stage of a pipeline, and Spark will score the
#   new rows, too.
#
# It does not pay for a search over settings: there it is better to fit many single-machine models
# side by side (lesson 13). How is it for Kofi?

# %% tags=["nbval-check-output"]
table_mb = rows.memory_usage(deep=True).sum() / 1e6
print(f"Kofi's table: {len(rows):,} rows, {table_mb:.1f} MB in memory")

# %% [markdown]
# He could keep it on his telephone. He does not need eight machines; he needs early stopping.
#
# **Exercise 3.** Fit `SparkXGBRegressor(**common, **same)` with `num_workers=1` to `vectors`, by
# `common | {"num_workers": 1}`, and compare the error and the time with those of two workers.
#
# <details><summary>Answer</summary>
#
# The error hardly differs: the workers estimate together where the bins of the histograms begin,
# and that depends a little on who has which rows. The time hardly differs either, because with so
# few rows it is nearly all starting and waiting. One worker has one thread: its number is
# `spark.task.cpus`, and `n_jobs` is refused.
# </details>
#
# ## The pipeline, saved and reloaded
#
# Kofi settles for trees of depth 3, small steps and early stopping, all in one pipeline:

# %%
careful = SparkXGBRegressor(**common, **watch, n_estimators=2_000,
                            max_depth=3, learning_rate=0.05)
final = Pipeline(stages=[indexer, assembler, careful]).fit(logs)

# %%
from course_utils import make_work_dir

folder = f"{make_work_dir('16_xgboost')}/prices"
final.write().overwrite().save(folder)
again = PipelineModel.load(folder)

# %% [markdown]
# The model is saved like any other pipeline: the booster is a stage with its own folder. Does the
# reloaded one say the same? And how good is it, in logarithms and in dollars? `F.exp` turns the
# predictions back into dollars, and the new rows need no column `held`.

# %%
told = again.transform(test).withColumn("dollars", F.exp("prediction"))
told = told.withColumn("log_price", F.log("price")).cache()
before = final.transform(test).select("prediction").toPandas()
after = told.select("prediction").toPandas()

# %% [markdown]
# `before` comes from the model that we have fitted, `after` from the one that we have loaded.

# %% tags=["nbval-check-output"]
off = told.agg(F.median(F.abs(F.col("dollars") - F.col("price")))).first()[0]
print("the same predictions:", before.equals(after))
print(f"RMSE {judge.evaluate(told):.3f}; the forest {errors['a forest']:.3f}")
print(f"half of the prices are off by less than ${off:.0f}")

# %% [markdown]
# Compare the two errors in the second line. The first line of code that Kofi tried had the right
# idea, and the wrong number of rounds.
#
# ## Which model for which case?
#
# | | take it when | more trees | missing values in Spark |
# |---|---|---|---|
# | linear model | effects add up, or coefficients are asked for | – | impute |
# | one tree | somebody must read the rules | – | impute |
# | forest | you want a good model without tuning | never hurt | impute |
# | boosted trees | the last percent counts, and you can tune | overfit | native in XGBoost |
#
# All three kinds of trees are at a loss beyond the range of what they have seen (lesson 11). The
# linear model goes on, rightly or not.
#
# ## On Databricks
#
# > - `xgboost.spark` works there from Databricks Runtime 12.0 ML on, and XGBoost is installed in
# >   every ML runtime. The documentation calls the module a public preview.
# > - Older courses import `XgboostRegressor` from `sparkdl.xgboost`. That module was deprecated in
# >   12.0 ML and removed in 13.0 ML. The new class has other names: `features_col` instead of
# >   `featuresCol`, and no `use_external_storage`.
# > - Use `num_workers=sc.defaultParallelism` to take all slots, and switch *autoscaling* off:
# >   machines that join later get no task of a fit that is running.
# > - `mlflow.xgboost.autolog` does not work for a distributed fit. Log the model with
# >   `mlflow.spark.log_model`.
# > - On GPUs each task uses one, so leave `spark.task.resource.gpu.amount` at 1. The documentation
# >   writes `use_gpu=True`; since XGBoost 2.0 it is `device="cuda"`.
# > - Standard compute has neither ML runtimes nor a `SparkContext` nor GPUs, and of Spark ML only
# >   `pyspark.ml`. So `GBTRegressor` runs there, and `xgboost.spark` wants *dedicated* compute.
# > - LightGBM trains on one machine there, as here. It is one of the families that AutoML tries,
# >   which is built in up to runtime 17. On Spark it runs by SynapseML, a project of Microsoft that
# >   the authors of LightGBM do not maintain.
#
# ## Quiz
#
# Questions of the kind that the exam asks. Choose first, then look at the answer.

# %%
from course_utils import ask_quiz

ask_quiz("16")

# %% [markdown]
# ## What you know now
#
# - Boosting adds up small trees, each fitted to what those before have left over. The sum of weak
#   models is strong, while their average is as weak as one of them.
# - It removes bias and pays with variance, so too many rounds overfit. Bagging removes variance,
#   and more trees never hurt it.
# - Small steps and early stopping come first. Depth, $\lambda$, $\gamma$ and random parts of the
#   rows and columns are further brakes.
# - XGBoost sends missing values the better way at each split. `GBTRegressor` refuses them.
# - `GBTRegressor` needs a job for each level of each tree. `SparkXGBRegressor` needs one job, in
#   which tasks add up histograms.
# - Distribute when rows do not fit into one machine, not because the class can.
#
# **Check yourself:** a booster has an RMSE of 0.10 on its training rows and of 0.45 on new ones,
# after 1,000 rounds with a learning rate of 0.3. Name three settings that you would change, and
# say which of bias and variance each one moves. Your table has 3 million rows and 20 columns: do
# you rent a cluster for it?
#
# <details><summary>Answer</summary>
#
# It overfits: too much variance. Fewer rounds, found by early stopping on validation rows, a
# smaller learning rate, shallower trees, a larger $\lambda$ or $\gamma$, and random parts of rows
# and columns each lower the variance, and all but the last pay for it with a little bias. And no
# cluster: 3 million rows of 20 numbers are 60 million numbers, half a gigabyte as `double`. That
# fits into one machine, and XGBoost uses all of its cores.
# </details>
#
# **Exam:** which algorithm fits which case; what the complexity of a model does to bias and
# variance; how bagging, boosting and stacking differ; how Spark distributes the growing of trees.
#
# **Next:** lesson 17. A model is fitted, and a billion rows are waiting to be scored by it.
