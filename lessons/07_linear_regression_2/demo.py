# %% [markdown]
# # 07 · Linear regression II
#
# Bruno runs a letting agency. Every evening his program mails the new hosts a price to ask for a
# night. It takes six numbers of each place, such as its guests and bedrooms, and a line as in
# lesson 06. This morning two hosts have written back. The first lets a bed in a shared room, and is
# told to ask far more than such a bed costs in town. The second is told to ask less than nothing:
# he would have to pay his guests.
#
# Here are the program's prices for the listings that it has learned from, beside what the hosts
# really ask.

# %%
from course_utils import get_spark, helpers, load_split

spark = get_spark("07_linear_regression_2")
draw = helpers("07")
train, test = load_split("listings")

# %%
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression

SIX = ["accommodates", "bedrooms", "bathrooms", "minimum_nights",
       "number_of_reviews", "review_scores_rating"]
six = VectorAssembler(inputCols=SIX, outputCol="features").transform(train)
line = LinearRegression(labelCol="price").fit(six)
quotes = line.transform(six).select("room_type", "price", "prediction")
draw.quotes(quotes.toPandas())

# %% [markdown]
# (Three columns of a few thousand rows: `toPandas()` is safe here, and in all that follows.)
#
# Compare the two bars of the shared rooms: the line asks for far more than the hosts. It knows how
# many guests a place takes. It does not know that they are strangers to each other, because
# `room_type` is a word, and a line can only multiply numbers. The crosses show Bruno's second
# problem. Each coefficient adds or takes away dollars, and for some places so many are taken away
# that nothing is left.
#
# **The question of this notebook:** how does a line learn from words? It can predict the logarithm
# of a price, so that no price falls below zero; but what do you have to watch then?
#
# - **Time:** 40 minutes; the lab takes 25 more
# - **Before you start:** lesson 06, *Linear regression I*
# - **Data:** `listings` as in lesson 06, made by rules that we know, now with its text columns
#
# ## Three sets of rows
#
# On the way we will compare a few dozen models. The one that looks best of many tends to look a bit
# better than it is (lesson 03), so the rows that choose a model can't judge it as well. We take
# about a fifth of the training rows to choose by, the *validation rows*. The test rows stay closed
# until the end.

# %%
from pyspark.sql import functions as F

logs = train.withColumn("log_price", F.log("price")).cache()

# %% [markdown]
# While we look at words, the label is `log_price`, because lesson 06 has shown that logarithms suit
# prices better. The price in dollars will come back as its rival. A hash of the place decides on
# which side a listing is, so it is the same side in every run.

# %% tags=["nbval-check-output"]
place = F.hash("latitude", "longitude", "accommodates")
held = F.pmod(place, F.lit(5)) == 0
learn, valid = logs.filter(~held), logs.filter(held)
print(f"{learn.count():,} rows to learn from, {valid.count():,} to choose by")

# %% [markdown]
# ## Words into numbers
#
# A column of words is called *categorical*. If its words have an order, such as small, medium and
# large, it is also *ordinal*. Neighborhoods have none: Old Harbor is not more than Ropewalk. Room
# types could be called ordinal, since privacy falls from an entire home over a private room to a
# shared room.
#
# `StringIndexer` is an estimator that gives each word a number. Unless you ask for another order,
# the most frequent one gets 0, the next one 1, and so on.

# %%
from pyspark.ml.feature import StringIndexer

indexer = StringIndexer(inputCol="room_type", outputCol="number").fit(learn)
indexed = indexer.transform(learn)

# %% [markdown]
# `fit` counts the words of the learning rows, and `transform` adds the column `number`. This is
# what it has given out:

# %% tags=["nbval-check-output"]
mean_log = F.round(F.avg("log_price"), 2).alias("mean_log_price")
rooms = indexed.groupBy("number", "room_type")
rooms.agg(F.count("*").alias("rows"), mean_log).orderBy("number").show()

# %% [markdown]
# Most listings are entire homes, so these have the number 0. A line can take the new column. But it
# has one coefficient for it, so it believes two things about the numbers: that they stand in the
# right order, and that the step from 0 to 1 changes log(price) as much as the step from 1 to 2.
#
# What does it cost if that is wrong? We give out the numbers in three orders, and fit a line to
# each.

# %%
from pyspark.ml import Pipeline
from pyspark.ml.evaluation import RegressionEvaluator

rmse = RegressionEvaluator(labelCol="log_price", metricName="rmse")
regression = LinearRegression(labelCol="log_price")

# %% [markdown]
# `rmse` will compute the error, and `regression` is the last step of every model. One function fits
# any steps, and measures the result:

# %%
def fit(*stages):
    model = Pipeline(stages=stages).fit(learn)
    return model, rmse.evaluate(model.transform(valid))

# %% [markdown]
# A `Pipeline` fits its stages one after the other; there is more about it below. Our `fit` learns
# from `learn`, and returns the model together with its RMSE on the validation rows. An RMSE of
# log(price) has no dollars in it: 0.5 means that prices are typically off by a factor of about
# $e^{0.5} = 1.6$.

# %%
from pyspark.ml.feature import OneHotEncoder, StringIndexerModel


def by_number(column, labels):
    number = StringIndexerModel.from_labels(labels, column, "number", "keep")
    vector = VectorAssembler(inputCols=["number"], outputCol="features")
    return fit(number, vector, regression)

# %% [markdown]
# `by_number` gives out 0, 1, 2 in the order of `labels`: `from_labels` makes a fitted indexer
# without any counting. (`"keep"` is about words that the learning rows do not have; its turn
# comes.) Its rival is *one-hot encoding*: a column of zeros and ones for each word, so that each
# word gets a coefficient of its own.

# %%
def one_hot(column):
    number = StringIndexer(inputCol=column, outputCol="number",
                           handleInvalid="keep")
    vector = OneHotEncoder(inputCol="number", outputCol="features")
    return fit(number, vector, regression)

# %% [markdown]
# `OneHotEncoder` makes these columns from the numbers that `StringIndexer` has given out.
#
# The three orders are: as in the table, with its second and third type exchanged, and with its
# first and second exchanged. (`*more` holds what comes after the third type. Our city has no more.)
#
# **Predict:** which of the three orders is the worst? Can one of them be as good as one-hot?

# %%
first, second, third, *more = indexer.labels
orders = [(first, second, third), (first, third, second),
          (second, first, third)]

# %%
errors = [by_number("room_type", [*o, *more])[1] for o in orders]
rows = learn.select("room_type", "log_price").toPandas()
draw.orders(rows, orders, errors, one_hot("room_type")[1])

# %% [markdown]
# The data is the same in all three pictures, and the words are as well. Only their numbers differ,
# and with them the error. In the last one the private rooms come first; the dots now go up and
# then down, and no line can follow them.
#
# The first order, that of privacy, does about as well as one-hot. (If they differ in the third
# digit only, that may well be chance.) Does it mean that the steps are equal? The words under the
# picture give both steps, and say no: the line misses the shared rooms. But there are so few of
# them that the RMSE hardly notices. A small loss in the RMSE can be a large one for a small group,
# and it was one of their hosts who wrote to Bruno.
#
# Neighborhoods have no right order. Their one-hot columns take something off the error of a model
# that knows nothing and always predicts the mean. Call that the gain.
#
# **Predict:** number them by how frequent they are, or by alphabet. How much of the gain is left?

# %% tags=["nbval-check-output"]
mean = learn.agg(F.avg("log_price")).first()[0]
nothing = rmse.evaluate(valid.withColumn("prediction", F.lit(mean)))
_, hot = one_hot("neighbourhood_cleansed")
print(f"RMSE: {nothing:.3f} without the column, {hot:.3f} with one-hot")

# %% tags=["nbval-check-output"]
counted = StringIndexer(inputCol="neighbourhood_cleansed", outputCol="number")
words = counted.fit(learn).labels
for name, labels in ("frequency", words), ("alphabet", sorted(words)):
    _, error = by_number("neighbourhood_cleansed", labels)
    print(f"by {name}: {(nothing - error) / (nothing - hot):.0%} of the gain")

# %% [markdown]
# Nearly all of the gain is lost, and what is left depends on an order that means nothing. By
# frequency and by alphabet, up or down, is all that `StringIndexer` offers. (For the room types of
# our city, these happen to give the same order, and that is why we made our own.)
#
# So what? Give numbers to an ordinal column if its steps are about equal, and in an order that you
# have chosen. Other words become one-hot, with a few exceptions that have a section below.
#
# ## One-hot
#
# What do the vectors look like?

# %% tags=["nbval-check-output"]
encoder = OneHotEncoder(inputCol="number", outputCol="vector").fit(indexed)
vectors = encoder.transform(indexed).select("room_type", "number", "vector")
vectors.distinct().orderBy("number").show()

# %% [markdown]
# Read `(2,[0],[1.0])` as: a vector with 2 places, in which place 0 holds 1.0, and the others hold
# zero. There are three room types, but only two places. The last category gets none, because it
# needs none: a row that has zeros everywhere must be of that kind. This category is the
# *reference*. A coefficient says how far its category is from the reference.
#
# **Predict:** we let `StringIndexer` count from the rarest word, so that another category is the
# reference. What changes: the coefficients, the error, or both?

# %% tags=["nbval-check-output"]
hot_rooms = OneHotEncoder(inputCol="number", outputCol="features")
for order in ("frequencyDesc", "frequencyAsc"):
    number = StringIndexer(inputCol="room_type", outputCol="number",
                           stringOrderType=order)
    model, error = fit(number, hot_rooms, regression)
    *names, reference = model.stages[0].labels
    print(f"RMSE {error:.3f}, beside {reference}:")
    for n, name in enumerate(names):
        print(f"  {name} {model.stages[-1].coefficients[n]:+.2f}")

# %% [markdown]
# Only the coefficients change. Both models know the same three means, and tell them from two points
# of view. To read them, take a frequent category as the reference. If it is a rare one, its own
# mean is uncertain, and each coefficient inherits that. Beware: unless you change the order, the
# reference *is* the rarest category.
#
# **Exercise 1.** Add `dropLast=False` to `hot_rooms` and run the cell again. How many coefficients
# do you get (the loop still prints two)? Does the RMSE change?
#
# <details><summary>Answer</summary>
#
# Three: `len(model.stages[-1].coefficients)`. The RMSE does not change, since the third column says
# nothing new. But now the coefficients are not unique. Add 1 to all three, take 1 away from the
# intercept, and each prediction is what it was.
# </details>
#
# ## Sparse or dense
#
# With 30 categories, at most one entry of a vector is not zero. There are two ways to store it:

# %% tags=["nbval-check-output"]
from pyspark.ml.linalg import Vectors

sparse = Vectors.sparse(8, [2], [1.0])
print("sparse", sparse)
print("dense ", Vectors.dense(sparse.toArray()))

# %% [markdown]
# A *dense* vector stores all its entries, with 8 bytes for each. A *sparse* one stores its length,
# and place and value of the entries that are not zero, with 4 + 8 = 12 bytes for each of those. So
# sparse pays as soon as more than about a third of the entries are zero.
#
# Let us measure it. We make 500 rows with one-hot vectors, keep them in Spark's cache as they are,
# and then once more as dense vectors.

# %%
from pyspark.ml.functions import array_to_vector, vector_to_array


def one_hot_rows(width):
    number = f"DOUBLE({width - 1} - id % {width}) AS number"
    rows = spark.range(500).selectExpr(number)
    hot = OneHotEncoder(inputCol="number", outputCol="vector", dropLast=False)
    return hot.fit(rows).transform(rows).select("vector")

# %% [markdown]
# `vector_to_array` turns a vector into an array with all its zeros, and `array_to_vector` makes a
# dense vector of that. `draw.bytes_per_row` caches a data frame and asks Spark how much memory it
# takes.
#
# **Predict:** with 4,000 categories, how many times the memory does dense take?

# %%
dense = array_to_vector(vector_to_array("vector"))
sizes = {width: (draw.bytes_per_row(one_hot_rows(width)),
                 draw.bytes_per_row(one_hot_rows(width).select(dense)))
         for width in (2, 10, 100, 1000, 4000)}
draw.sizes(sizes)

# %% [markdown]
# The sparse line is flat: one 1 is one 1, however many categories there are. The dense line grows
# with each category. But if you predicted 8 × 4,000 / 12, you were far too high. A sparse vector
# takes more than its 12 bytes here, because each vector also carries some bookkeeping: what kind it
# is, how long it is, and where its parts begin. With two categories there is little else to store,
# and dense is even the smaller one.
#
# So Spark keeps one-hot vectors sparse, and you should not turn them into arrays without need.
# `VectorAssembler` takes whichever form is smaller, row by row.
#
# ## When one-hot is the wrong tool
#
# So thousands of categories do not make the rows larger. They cost something else. Bruno has an
# idea: two places of the same room type, with as many bedrooms, for as many guests, in the same
# neighborhood should have the same price. So he joins these columns into one key, adds two more,
# and one-hot encodes the key.

# %%
KEYS = ["room_type", "bedrooms", "accommodates", "neighbourhood_cleansed",
        "property_type", "cancellation_policy"]

# %% [markdown]
# With nothing but the one-hot columns of one key, a linear model predicts the mean of each
# category. So means tell us what it would do, without a fit:

# %%
def errors_by_key(keys):
    means = learn.groupBy(keys).agg(F.avg("log_price").alias("known")).cache()
    seen = logs.join(F.broadcast(means), keys, "left")
    off = F.col("log_price") - F.coalesce("known", F.lit(mean))
    unseen = F.avg(F.col("known").isNull().cast("double"))
    sides = seen.groupBy(held.alias("new")).agg(F.sqrt(F.avg(off**2)), unseen)
    return means.count(), *sides.orderBy("new").collect()

# %% [markdown]
# The left join brings each row the mean of its category. If the category was never seen, `coalesce`
# takes the mean of all rows instead. `sides` has two rows, one for `learn` and one for `valid`.
#
# **Predict:** he adds one column after the other to the key. What happens to the error on the
# learning rows, and what to that on new ones?

# %%
table = [errors_by_key(KEYS[:n + 1]) for n in range(len(KEYS))]
draw.crossing(KEYS, table)

# %% [markdown]
# The more precise the key, the better the model knows the rows that it has learned from. New rows
# gain at first, and then lose. Why? Divide the number of learning rows by the categories of the
# last key. Only a listing or two is left for each, and the mean of so few is hardly more than a
# price learned by heart. And under the picture you see how many new rows find no category at all.
# It is the overfitting of lesson 06, from one column.
#
# So one-hot encoding is a poor choice for
#
# - **many categories with few rows each**, such as a key, a customer number or a street. Join the
#   rare ones into "other", or use one column with the mean label of each category. Spark has
#   `TargetEncoder` for that. Give it a `smoothing`, which draws the means of small categories
#   toward the overall mean (it is 0 unless you do). It learns from labels, so it must see only
#   learning rows.
# - **an ordinal column with equal steps**. One number does it, with one coefficient to learn.
# - **trees** (lesson 11). A tree can send a whole set of categories to one side of a split. It
#   takes the indexed column as it is, and a hundred columns of zeros and ones only get in its way.
#
# ## Pipeline
#
# Bruno's new model uses all columns: the words one-hot, and the numbers as they are. At first it
# predicts the price in dollars, as his old one did.

# %%
LABELS = ["price", "log_price"]
TEXT = [name for name, kind in learn.dtypes if kind == "string"]
NUMBERS = [n for n in learn.columns if n not in TEXT + LABELS]

# %%
numbered = [f"{name}_number" for name in TEXT]
hot = [f"{name}_vector" for name in TEXT]

# %% [markdown]
# `dtypes` tells the type of each column. Each text column needs two more names: for its numbers,
# and for its vectors.

# %%
encode = [StringIndexer(inputCols=TEXT, outputCols=numbered,
                        handleInvalid="keep"),
          OneHotEncoder(inputCols=numbered, outputCols=hot),
          VectorAssembler(inputCols=[*hot, *NUMBERS], outputCol="features")]

# %% [markdown]
# Each stage reads columns that the one before has written. `StringIndexer` and `OneHotEncoder` take
# many columns at once, and `VectorAssembler` joins vectors and numbers into one long vector. What
# `"keep"` does, you will see when a new word comes.

# %% tags=["nbval-check-output"]
stages = [*encode, LinearRegression(labelCol="price")]
plain = Pipeline(stages=stages).fit(learn)
width = plain.stages[-1].numFeatures
print(f"{len(TEXT)} text columns and {len(NUMBERS)} numbers: {width} features")

# %% [markdown]
# A `Pipeline` is an estimator made of estimators and transformers, and what `fit` returns, a
# `PipelineModel`, is a transformer:
#
# ```mermaid
# flowchart LR
#     learn[("learn")] --> pipeline
#     subgraph pipeline["Pipeline (an estimator)"]
#         direction LR
#         a("StringIndexer") --> b("OneHotEncoder")
#         b --> c("VectorAssembler") --> d("LinearRegression")
#     end
#     pipeline -->|fit| model
#     subgraph model["PipelineModel (a transformer)"]
#         direction LR
#         e["the words and<br/>their numbers"] --> f["number of words<br/>per column"]
#         f --> g["VectorAssembler"] --> h["the coefficients"]
#     end
#     new[("valid, test,<br/>new listings")] --> model
#     model -->|transform| scored[("+ prediction")]
# ```
#
# In `fit`, each estimator learns from the rows as the stages before have left them, and is replaced
# by its model. All of it comes from `learn` alone. Had we fitted the indexer to all rows first,
# the numbers of the words would contain counts of the rows that should judge the model. Fit the
# whole pipeline after the split, and you can't make this mistake.
#
# ## A formula instead
#
# `RFormula` does the work of the first three stages. To the left of `~` stands the label, to the
# right the columns; `.` means all other columns, and `-` takes one away.

# %%
from pyspark.ml.feature import RFormula

formula = RFormula(formula="price ~ . - log_price", handleInvalid="keep")
short = Pipeline(stages=[formula, LinearRegression()]).fit(learn)

# %% [markdown]
# Is it the same model?

# %% tags=["nbval-check-output"]
dollars = RegressionEvaluator(labelCol="price", metricName="rmse")
for name, model in ("stages", plain), ("formula", short):
    error = dollars.evaluate(model.transform(valid))
    print(f"{name:7}  {model.stages[-1].numFeatures} features, ${error:.2f}")

# %% [markdown]
# As many features and the same error to the cent: one line of code has made the same model.
# `RFormula` finds out which columns are text, and writes the columns `features` and `label`, the
# names that `LinearRegression` looks for.
#
# **Predict:** now the label is `log_price`. What happens if Bruno forgets `- price`?

# %% tags=["nbval-check-output"]
log_model, no_penalty = fit(*encode, regression)
forgetful = RFormula(formula="log_price ~ .", handleInvalid="keep")
_, leaky = fit(forgetful, regression)
print(f"RMSE {no_penalty:.3f} without the price, {leaky:.3f} with it")

# %% [markdown]
# The error falls by a good part, and the model is worthless: it reads the price to predict the
# price. (The error does not fall to zero, because a line cannot take a logarithm.) The listing that
# comes in tonight has no price yet. A dot takes whatever is there, so look at the columns whenever
# you write one.
#
# ## A word that nobody has seen
#
# Some kinds of property are so rare that a split may put all of their listings on one side. Here
# are the rarest ones of `learn`, beside what `valid` has of them:

# %% tags=["nbval-check-output"]
rare = logs.groupBy("property_type").agg(
    F.count_if(~held).alias("learn"), F.count_if(held).alias("valid"))
rare.orderBy("learn", "property_type").show(5)

# %% [markdown]
# The kinds with one listing, or none, on the side of `learn` are the problem: nothing can be
# learned about them, and a word that stands in `valid` alone is new to the model. To see what
# happens then, we make up a new kind that is common enough to count. Tonight about a tenth of the
# listings are yurts, round tents for people who like to sleep outside. No listing in `learn` is
# one.

# %% tags=["nbval-check-output"]
yurt = F.pmod(F.hash("longitude"), F.lit(10)) == 0
kind = F.when(yurt, "Yurt").otherwise(F.col("property_type"))
tonight = valid.withColumn("property_type", kind)
print(f"{tonight.count():,} listings, {tonight.filter(yurt).count()} yurts")

# %% [markdown]
# What the fitted indexer does with a new word is decided by `handleInvalid`, in `StringIndexer` as
# in `RFormula`. It can be `"error"` (unless you say otherwise), `"skip"` or `"keep"`.
#
# **Predict:** how many of tonight's listings get features with each of the three?

# %% tags=["nbval-check-output"]
for setting in ("error", "skip", "keep"):
    formula = RFormula(formula="price ~ property_type", handleInvalid=setting)
    back = formula.fit(learn).transform(tonight)
    try:
        computed = f"{len(back.select('features').collect()):,} with features"
    except Exception as error:
        computed = "Unseen label" if "Unseen label" in str(error) else error
    print(f"{setting:6} count() {back.count():,}; collect() {computed}")

# %% [markdown]
# - **`skip`** drops the yurts and says nothing. Their hosts get no mail, and a metric computed
#   afterwards is about fewer listings. It is the dangerous one.
# - **`keep`** gives everything new one more number, the last. The last category has no column, so
#   a yurt is a row of zeros, and its kind adds nothing to its price. No listing in `learn` was like
#   that, so nobody knows how good such a price is.
# - **`error`** stops the job. But look at its `count()`: no complaint. Spark is lazy, and to count
#   rows it need not compute features. The error comes when somebody needs them.
#
# If each listing must get a price tonight, take `keep`. If a new word means that something is
# broken, take `error`.
#
# ## Back to dollars
#
# Now we compare Bruno's two models: `plain`, which predicts dollars, and `log_model`, which
# predicts their logarithm.

# %%
def scored(model, rows):
    return model.transform(rows).select("price", "prediction").toPandas()

in_dollars, in_logs = scored(plain, valid), scored(log_model, valid)
draw.fans(in_dollars, in_logs)

# %% [markdown]
# The bars hold the middle 80 % of the residuals. On the left they open like the fan of lesson 06,
# and some prices are predicted below zero, as the words under the picture count. On the right the
# bars are about equally long: one size of error fits all listings, as a standard error supposes. A
# prediction in logs becomes dollars by `exp`, and `exp` of any number is positive: no host will
# have to pay his guests. So take the logarithm of a target that is always positive, has a long tail
# to the right, and changes by percent rather than by fixed amounts.
#
# Which model is better?

# %%
import numpy as np
import pandas as pd


def scores(price, guess):
    miss = price - guess
    return {"RMSE": np.sqrt(np.mean(miss**2)), "MAE": np.mean(np.abs(miss)),
            "half within": np.median(np.abs(miss)),
            "R²": 1 - np.mean(miss**2) / np.var(price)}

# %% [markdown]
# Beside the mean error, MAE, stands the typical one, the median: half of the listings are missed by
# less than that.
#
# **Predict:** which of these four rows may be compared with one another?

# %% tags=["nbval-check-output"]
price, guess = in_logs["price"], in_logs["prediction"]
table = {
    "plain": scores(price, in_dollars["prediction"]),
    "log: logs with logs": scores(np.log(price), guess),
    "log: without exp": scores(price, guess),
    "log: after exp": scores(price, np.exp(guess)),
}
print(pd.DataFrame(table).T.round(2).to_string())

# %% [markdown]
# Only the first and the last, as both are in dollars. In the second row, RMSE and MAE are in
# log(dollars), and even its R², which has no unit, is a share of another variance. In the third row
# logarithms were subtracted from dollars: each guess is about 5 dollars, and R² is below zero. No
# error message tells you. So **`exp` comes first, then the metrics**. Now the first and the last
# row answer the question which model is better: in our city it is the one of the logarithm, by each
# of the numbers. Its mean error is $67 and its typical one $45. A few expensive listings, which no
# model here gets right, make the difference between the two.
#
# One thing is still wrong. The mean of logarithms, taken back by `exp`, is not the mean. Take the
# prices 10 and 1,000: their mean is 505, but the mean of their logarithms leads back to 100. If
# errors are symmetric in logs, `exp` of the prediction is the *median* price. The mean price is
# higher, because `exp` stretches what lies above more than what lies below. Duan's *smearing
# factor* makes up for that: it is the mean of exp(residual) over the rows that the model has
# learned from. One factor for all is fair if all listings scatter alike, as in the picture on the
# right.

# %%
def smearing(seen):
    return np.exp(np.log(seen["price"]) - seen["prediction"]).mean()

# %% tags=["nbval-check-output"]
from course_utils import get_truth

factor, truth = smearing(scored(log_model, learn)), get_truth("listings")
print(f"smearing factor {factor:.3f}")
if truth:
    print(f"from the true noise {np.exp(truth.sigma**2 / 2):.3f}")

# %% [markdown]
# A factor of 1.1, for example, would add ten percent to each price. (In generated listings the
# noise is normal with a known deviation σ, and then the factor must be $e^{\sigma^2/2}$.)
#
# **Predict:** the median has the least absolute error, and the mean the least squared one. Which
# metric will the factor improve?

# %%
guesses = {"plain": in_dollars["prediction"], "exp": np.exp(guess),
           "exp × smearing": np.exp(guess) * factor}
table = pd.DataFrame({n: scores(price, g) for n, g in guesses.items()}).T

# %% tags=["nbval-check-output"]
table["below zero"] = [(g < 0).sum() for g in guesses.values()]
table["mean price"] = [g.mean() for g in guesses.values()]
print(table.round(2).to_string())
print(f"The mean of the prices themselves is ${price.mean():.2f}.")

# %% [markdown]
# `exp` alone has the best MAE, and its mean price is too low. The factor brings the mean close to
# that of the prices, at the cost of some MAE. In theory it should lower the RMSE as well. Compare
# the last two lines of the table: in our city the RMSE stays what it was. The gain to be expected
# is small, and on a thousand rows chance can be as large. You will see both guesses once more, on
# the test rows. So decide by what you need: `exp` for a price that is typical, the factor for sums,
# such as next month's turnover.
#
# **Exercise 2.** If residuals are normal, exp(variance / 2) is the factor. Compute
# `residual = np.log(seen["price"]) - seen["prediction"]` with `seen = scored(log_model, learn)`,
# and compare `np.exp(residual.var() / 2)` with the smearing factor.
#
# <details><summary>Answer</summary>
#
# On the generated listings both are 1.09, because their noise is normal. Real prices often have a
# heavier tail to the right. Then Duan's factor, which takes the residuals as they are, is the
# higher one.
# </details>
#
# ## A penalty on coefficients
#
# A coefficient that rests on three rows follows their noise. A *penalty* keeps coefficients small,
# unless the data has good reasons. Spark minimizes
#
# $$\frac{1}{2n} \sum e_i^2 + \lambda \left( (1 - \alpha) \, \frac12 \sum b_j^2
# + \alpha \sum |b_j| \right)$$
#
# λ is the parameter `regParam`, the strength. α is `elasticNetParam`: 0 means *ridge*, which
# penalizes squares, and 1 means *lasso*, which penalizes absolute values. Spark scales all columns
# to the same deviation first, so that units do not matter. (It scales the label as well. For a
# ridge the same λ can therefore be another strength in another library.)

# %%
from pyspark.ml import PipelineModel

encoder = PipelineModel(stages=log_model.stages[:-1])
known, new = (encoder.transform(rows).cache() for rows in (learn, valid))
few = known.orderBy(F.hash("latitude", "longitude")).limit(100).cache()

# %% [markdown]
# `encoder` is the fitted pipeline without its last stage, so the rows are encoded only once. `few`
# has 100 of them.

# %%
def penalized(rows, strength, alpha):
    model = LinearRegression(labelCol="log_price", regParam=strength,
                             elasticNetParam=alpha).fit(rows)
    return model, rmse.evaluate(model.transform(new))

# %% [markdown]
# **Predict:** we learn from 100 listings, and then from all of them. For which of the two does a
# penalty help more? What happens when it is very strong?

# %%
STRENGTHS = [0.01, 0.03, 0.1, 0.3, 1.0]
ridge = {rows.count(): [penalized(rows, s, 0.0)[1] for s in [0, *STRENGTHS]]
         for rows in (few, known)}
draw.ridge(STRENGTHS, ridge)

# %% [markdown]
# With 100 listings there is about one row for each feature, and the right penalty helps. With
# thousands of rows there is hardly anything to gain. A penalty that is too strong presses all
# coefficients toward zero, and the predictions of both models toward the mean: at the right end
# both curves go up again.
#
# The learning rows could not have chosen the strength, since training error is always lowest
# without a penalty. That is what the validation rows are for.
#
# The lasso does something that ridge can't: it sets coefficients to exactly zero. On all learning
# rows:

# %%
LASSO = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]
path = [penalized(known, strength, 1.0) for strength in LASSO]
coefficients = [model.coefficients.toArray() for model, _ in path]
draw.lasso(LASSO, coefficients, known)

# %% [markdown]
# From left to right, feature after feature is dropped. The last ones to stay are the few that
# predict best together, so the lasso is also a way to choose features. But do not read it as a list
# of what *matters*. Not every line goes straight to zero: when a feature is dropped, another one
# that resembles it can take over its part. Latitude, for example, can stand in for neighborhoods
# that have been dropped, though it adds nothing to a price in the rule behind our listings.
#
# Now the validation rows choose one of all these models:

# %%
_, *errors = ridge[known.count()]
tried = dict(zip([(s, 0.0) for s in STRENGTHS], errors, strict=True))
tried |= {(s, 1.0): path[n][1] for n, s in enumerate(LASSO)}

# %% tags=["nbval-check-output"]
(strength, alpha), least = min(tried.items(), key=lambda item: item[1])
print("ridge" if alpha == 0 else "lasso", strength)
print(f"RMSE {least:.3f}, without a penalty {no_penalty:.3f}: "
      f"{1 - least / no_penalty:.1%} less")

# %% [markdown]
# `tried` holds the error for each pair of strength and α. The best of them gains very little. Could
# that be chance? Nobody gives us other validation rows, but we can draw from the ones that we have,
# with replacement, so that some rows come twice and others not at all. We do it a thousand times,
# and see how the gain moves. This is called the *bootstrap*.

# %%
def interval(before, after, draws=1_000):
    rng = np.random.default_rng(7)
    drawn = rng.integers(len(before), size=(draws, len(before)))
    was, now = (np.sqrt(np.mean(np.square(np.asarray(miss))[drawn], axis=1))
                for miss in (before, after))
    return np.quantile(was - now, [0.025, 0.975])

# %% [markdown]
# `before` and `after` are the misses of two models on the same rows. Each line of `drawn` holds the
# numbers of the rows of one draw, and `was` and `now` are the RMSE of both models on these. The
# result is where the middle 95 % of the gains lie.

# %% tags=["nbval-check-output"]
best = LinearRegression(labelCol="log_price", regParam=strength,
                        elasticNetParam=alpha)
misses = []
for model in log_model.stages[-1], best.fit(known):
    rows = model.transform(new).select("log_price", "prediction").toPandas()
    misses.append(rows["log_price"] - rows["prediction"])
low, high = interval(*misses)
print(f"gain {no_penalty - least:.4f}, in 95 % of the draws {low:+.4f} to "
      f"{high:+.4f}: zero is {'inside' if low <= 0 <= high else 'outside'}")

# %% [markdown]
# In our city zero is outside: with other rows of the same kind, a small gain would probably come
# again. It is half a percent of the error all the same. And it is the best of eleven, and the best
# of many tends to look too good; no bootstrap knows that. So with this many rows we keep the
# penalty because it seems to do no harm, and promise nothing.
#
# **Exercise 3.** Let `few` have 1,000 rows, and run the cells from there to the ridge picture. How
# much does the best penalty gain now?
#
# <details><summary>Answer</summary>
#
# Much less than with 100, and more than with all. A penalty is a remedy for too few rows per
# feature.
# </details>
#
# ## The test rows, once
#
# All choices are made. Both models learn once more, from all training rows, and meet the test rows.

# %%
final = Pipeline(stages=[*encode, best]).fit(logs)
plain = Pipeline(stages=stages).fit(logs)
factor, seen = smearing(scored(final, logs)), scored(final, test)

# %% [markdown]
# **Predict:** by how much will the log model be better?

# %%
price, guess = seen["price"], np.exp(seen["prediction"])
average = train.agg(F.avg("price")).first()[0]
guesses = {"mean of train": average, "plain": scored(plain, test)["prediction"],
           "log, exp": guess, "log, exp × smearing": guess * factor}

# %% [markdown]
# For generated listings we know the rule behind the prices. So two more rows can show the best that
# any model could do: the true median and the true mean of each listing.

# %%
if truth:
    rows = test.toPandas()
    guesses["best median"] = np.exp(truth.mean_log_price(rows))
    guesses["best mean"] = truth.mean_price(rows)

# %% tags=["nbval-check-output"]
table = pd.DataFrame({n: scores(price, g) for n, g in guesses.items()}).T
print((table.round(2) + 0).to_string())

# %% [markdown]
# The log model wins by each of the metrics, in dollars. And in our city the factor does lower the
# RMSE now, as theory had promised. Where the true rule is known, compare with the last two rows:
# hardly anything is left to learn, the rest is noise. How sure are the two gains?

# %% tags=["nbval-check-output"]
steps = [("plain", "log, exp"), ("log, exp", "log, exp × smearing")]
for one, other in steps:
    low, high = interval(price - guesses[one], price - guesses[other])
    print(f"from {one} to {other}: {low:.2f} to {high:.2f} dollars")

# %% [markdown]
# The gain of the logarithm is far from zero, though nobody can say within ten dollars how large it
# is: a few expensive listings more or less, and it moves. The interval of the factor holds zero. So
# these rows alone could not tell whether the factor lowers the RMSE; that the mean has the least
# squares is what we know from theory.
#
# Has something gone wrong with the plain model? Its RMSE was another one on the validation rows:

# %% tags=["nbval-check-output"]
earlier = {"plain": in_dollars["prediction"], "mean of train": average}
for name, g in earlier.items():
    before = scores(in_logs["price"], g)["RMSE"]
    print(f"{name}: RMSE ${before:.2f} on the validation rows, "
          f"${table.loc[name, 'RMSE']:.2f} on the test rows")

# %% [markdown]
# No: even the mean, which is the same guess on both sets, is off by another amount. So the prices
# of one set are spread wider than those of the other. A few very expensive listings more or less
# are enough for that, as squares count little else. So never compare an RMSE with one from other
# rows. Compare models on the same rows.
#
# ## What the words are worth
#
# Bruno's hosts ask what their neighborhood is worth. We want coefficients with their standard
# errors (lesson 06). A first try, with the model that we have:

# %% tags=["nbval-check-output"]
try:
    print(log_model.stages[-1].summary.coefficientStandardErrors)
except Exception as error:
    print(str(error).split("\n")[0].split(": ")[-1])

# %% [markdown]
# There are none, because of `keep`. The category without a column is now the one for unknown words,
# and all that were seen have a column. In each row, the columns of a text add up to 1, as in
# exercise 1. So the coefficients are not unique: good for predictions, but not for reading. For
# reading, leave `handleInvalid` as it is, and count from the rarest word, so that the most frequent
# one is the reference. And take fewer columns. The coefficient of a neighborhood tells what changes
# if all others stay as they are, and no place can move to another neighborhood and keep its
# latitude.

# %%
WORDS = ["neighbourhood_cleansed", "room_type", "host_is_superhost",
         "property_type"]
SIZE = [*SIX, "review_scores_location", "review_scores_rating_na"]

# %%
formula = RFormula(formula="log_price ~ " + " + ".join(WORDS + SIZE),
                   stringIndexerOrderType="frequencyAsc").fit(logs)
encoded = formula.transform(logs)
reading = LinearRegression(solver="normal").fit(encoded)

# %% [markdown]
# The solver `"normal"` is the one that gives standard errors. The names of the features stand in
# the metadata of the column `features`; `draw.names` reads them there. The last standard error is
# that of the intercept, so `[:-1]` leaves it out.

# %%
two_errors = 2 * np.array(reading.summary.coefficientStandardErrors[:-1])
effects = pd.DataFrame({"effect": reading.coefficients, "± 2 s.e.": two_errors},
                       index=draw.names(encoded))

# %%
if truth:
    known_effects = {f"{column}: {word}": value for column in WORDS
                     for word, value in truth.effects[column].items()}
    effects["truth"] = pd.Series(truth.coefficients | known_effects)

# %% [markdown]
# (If we know the truth, it goes into a third column.)
#
# **Predict:** which neighborhoods will have the longest bars, that is, the most uncertain effects?

# %%
draw.neighborhoods(effects)

# %% [markdown]
# The neighborhoods with few listings have the longest bars, as you can check with
# `logs.groupBy("neighbourhood_cleansed").count()`. Each effect is a difference from the most
# frequent neighborhood: +0.1 means about 10 % more than there, for a place of the same kind and
# size. (For larger effects take `exp`: +0.5 is 65 % more.) And since all of them share this
# reference, they share its error: if its mean is a bit too high, all dots are a bit too low
# together.

# Now the other words, the frequent ones first:

# %% tags=["nbval-check-output"]
rows = draw.count_words(logs, WORDS[1:])
words = effects.join(rows, how="inner")
words = words.sort_values("listings", ascending=False)
print(words.round(2).to_string())

# %% [markdown]
# Read the last column first. In our city a word with a thousand listings is known to 0.03 or less.
# A kind with a single listing has ± 0.84, and $e^{0.84}$ is 2.3: its true effect may be less than
# half of what stands there, or more than twice as much. In other words, nothing is known about it.
# That is what a category with few rows is worth. (The yurts, with none, have no line at all.)

# %% tags=["nbval-check-output"]
if truth:
    off = (effects["effect"] - effects["truth"]).abs()
    inside = (off <= effects["± 2 s.e."]).sum()
    print(f"{inside} of {len(effects)} are within 2 s.e. of the truth")

# %% [markdown]
# Of all effects about 95 % should be within two standard errors. If there are fewer, as in our
# city, look at the picture again: where a bar misses its cross, on which side does it lie? Effects
# that share a reference can miss together, all to the same side. So a standard error is a good
# guide, but never count your coefficients as so many independent proofs.
#
# Now the shared room has its own price. $e$ to the power of its coefficient is the factor beside an
# entire home of the same size: in our city it is well below one half.
#
# ## Save and load
#
# The model that leaves the notebook should answer in dollars, and nobody should have to remember
# `exp`. So we put it into the pipeline as one more stage. `SQLTransformer` runs a SQL statement, in
# which `__THIS__` stands for the data frame that comes in. We put the factor in as well, since
# Bruno also adds these prices up to plan his turnover. For a host's typical price, leave the factor
# out.

# %%
from pyspark.ml.feature import SQLTransformer

dollars = f"exp(prediction) * {factor} AS dollars"
last = SQLTransformer(statement=f"SELECT *, {dollars} FROM __THIS__")

# %% [markdown]
# The fitted stages and the new one make a `PipelineModel` again, and that can be saved:

# %%
from course_utils import make_work_dir

path = make_work_dir("07_linear_regression_2") + "/price_model"
whole = PipelineModel(stages=[*final.stages, last])
whole.write().overwrite().save(path)

# %% [markdown]
# `save` writes a folder with a part for each stage: the words, the encoding, the coefficients, the
# statement. Another program needs Spark and `PipelineModel.load`, and none of our code.

# %% tags=["nbval-check-output"]
loaded = PipelineModel.load(path)
print(*[type(stage).__name__ for stage in loaded.stages], sep=" -> ")
answer = loaded.transform(test).select("dollars").toPandas()["dollars"]
difference = (answer - guesses["log, exp × smearing"]).abs().max()
print(f"largest difference ${difference:.2f}, lowest price ${answer.min():.2f}")

# %% [markdown]
# The loaded model predicts the same as the one in memory, in dollars, and its lowest price is above
# zero. So now Bruno can answer his two hosts. Each listing of the first picture gets its new quotes
# beside the old one: `typical` is `exp` of the prediction, and `dollars` has the factor.

# %%
asked = line.transform(six).drop("features")
asked = asked.withColumnRenamed("prediction", "old quote")
both = loaded.transform(asked).withColumn("typical", F.exp("prediction"))
columns = ["room_type", "price", "old quote", "typical", "dollars"]
local = both.select(columns).toPandas().sort_values(columns[1:3])

# %% [markdown]
# The first host is the one in the middle of all shared rooms, by their price. The second is the one
# with the lowest old quote of all. A quote also needs its typical error, which we take from the
# test rows:

# %% tags=["nbval-check-output"]
shared = local[local["room_type"] == "Shared room"]
hosts = [shared.iloc[[len(shared) // 2]], local.nsmallest(1, "old quote")]
print(pd.concat(hosts).round().to_string(index=False))
off_by = np.exp(np.median(np.abs(np.log(price / guess))))
print(f"Half of the test listings ask between {1 / off_by:.0%} and "
      f"{off_by:.0%} of their typical price.")

# %% [markdown]
# In our city the first host asks $63. The old line told him $114, and the new model calls $65
# typical: it knows now that a shared room is one. The second host asks $66. He is no longer told to
# pay his guests $103, but to ask $50. His own price is a third above that, and a typical error is
# about as large, so the model has no reason to call him wrong.
#
# ## On Databricks
#
# > - All of this is open Spark ML and the same there. On *standard* compute it runs from Databricks
# >   Runtime 17.0; a model may have 1 GB at most.
# > - `TargetEncoder` came with Spark 4.0, so it needs Databricks Runtime 17.0, too. Runtime 16.4
# >   LTS has Spark 3.5.
# > - `draw.bytes_per_row` asks the `SparkContext`. Standard and serverless compute have none, so
# >   the cache can't be measured like this there.
# > - Access to DBFS is limited on serverless compute. Save to a Unity Catalog volume, at a path
# >   such as `/Volumes/catalog/schema/volume/price_model`. More often you will log the pipeline
# >   with `mlflow.spark.log_model` and register it (lessons 08 and 09).
#
# ## What you know now
#
# - Numbers for words invent an order and equal steps. One-hot invents nothing, is stored sparse,
#   and tells differences from a reference. It is a poor choice for thousands of categories with few
#   rows each, and for trees.
# - A pipeline learns all its stages from the same rows, and is saved as one thing. `RFormula`
#   writes it in one line; look twice at its dot.
# - `skip` loses rows, `keep` prices what it does not know, `error` stops once features are needed.
# - `exp` before the metrics. It gives a median, good for MAE; times the smearing factor it gives a
#   mean, good for RMSE and for sums.
# - Penalties help where rows are few, and validation rows choose them.
#
# **Check yourself:** a colleague reports RMSE 0.42 for a log model and 115 for a plain one. Which
# is better?
#
# <details><summary>Answer</summary>
#
# Nobody can tell: 0.42 is in log(dollars) and 115 in dollars. Take `exp` of the predictions of the
# log model first, then compute its RMSE in dollars, on the same rows. In our city an RMSE of 0.43
# in logs became $102.45, and then the log model was better than the plain one with $115.29.
# </details>
#
# **Exam:** one-hot encoding, and when it is inappropriate; when to take the logarithm of a target;
# estimators, transformers and pipelines in Spark ML; metrics for regression, and exponentiating a
# log prediction before computing and interpreting them; choosing the metric for an objective.
#
# **Next:** the lab, in which you build both pipelines and let them compete.
