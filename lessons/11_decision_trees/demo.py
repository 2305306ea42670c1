# %% [markdown]
# # 11 · Decision trees
#
# Lena has a job offer from a letting agency: 52,000 dollars a year, 25 minutes from home, free
# coffee. She must answer by Monday. Twelve of her friends had an offer in the past years, and all
# twelve took it. Some were still there a year later, some had left.
#
# She does not want a formula. She wants to know what to ask first: about the money, about the
# way, or about the coffee? And if the first answer does not settle it, what to ask next?
#
# **The question of this notebook:** how does a computer find the right questions and their order,
# and how can it do so when the rows lie on a hundred machines?
#
# - **Time:** 50 minutes
# - **Before you start:** Spark ML pipelines and one-hot encoding (lesson 07)
# - **Data:** twelve job offers, and then `listings`
#
# Here is what Lena knows about her friends:

# %%
import pandas as pd

friends = pd.DataFrame({
    "salary": [38, 43, 46, 49, 53, 56, 58, 60, 63, 66, 71, 75],
    "commute": [20, 45, 15, 30, 35, 75, 20, 28, 90, 55, 70, 25],
    "coffee": [1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1],
    "stayed": [0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1]})
lena = {"salary": 52, "commute": 25, "coffee": 1}

# %%
from course_utils import get_spark, helpers

spark = get_spark("11_decision_trees")
draw = helpers("11")
draw.offers(friends, lena)

# %% [markdown]
# The salary is in thousand dollars, and the commute in minutes. `coffee` is 1 if it is free, and
# `stayed` is 1 for a friend who was still there after a year: four of the twelve.
#
# ## Which question first?
#
# A question with the answers yes and no cuts the friends into two groups. It is a good question
# if the friends in each group agree. We need a number that says how much a group disagrees. Pick
# a friend from the group by chance, and then one more (it may be the same). How likely is it that
# one stayed and the other left? If $p$ is the share of those who stayed, it is
#
# $$\text{Gini impurity} = 1 - p^2 - (1-p)^2$$
#
# Both have stayed with probability $p^2$, and both have left with $(1-p)^2$. The rest of the time
# they disagree.

# %%
def gini(stayed):
    p = stayed.mean()
    return 1 - p**2 - (1 - p) ** 2


# %% [markdown]
# A group in which all agree has impurity 0. Half and half has 0.5, which is the worst. Where do
# our twelve friends stand?

# %% tags=["nbval-check-output"]
before = gini(friends["stayed"])
print(f"All twelve: {before:.3f}")

# %% [markdown]
# A question leaves two groups, so we need one number for both. We weigh each group by its size:

# %%
def impurity_after(yes):
    groups = friends["stayed"][yes], friends["stayed"][~yes]
    return sum(len(group) * gini(group) for group in groups) / len(friends)


# %% [markdown]
# `yes` is a column of booleans, the answers of all friends to one question; `~yes` turns them
# around. Which questions are there? For a column of numbers: "is it at most this much?", and it is
# enough to try one threshold between each two neighboring values. That makes eleven questions
# about the salary, nearly as many about the commute, and one about the coffee.
#
# **Predict:** look at the picture above. Which single question would you ask first?

# %%
import numpy as np

tries = {}
for column in ("salary", "commute", "coffee"):
    values = np.unique(friends[column])
    for threshold in (values[:-1] + values[1:]) / 2:
        yes = friends[column] <= threshold
        tries[column, threshold] = impurity_after(yes)

# %% [markdown]
# `values` holds the different values in order, and the line below it takes the middle between each
# two. `tries` now has a number for each question; we draw them, column by column.

# %%
draw.questions(tries, before)

# %% [markdown]
# The lower, the better. Look at the coffee: nobody stayed without it, and still the question
# about the salary is better. Below 51,000 dollars all four friends left, so this group is pure,
# and eight friends remain, of whom half stayed. What a question takes away from the impurity is
# called its *information gain*. A question is called a *split*.
#
# ## Spark asks the same
#
# Spark's `DecisionTreeClassifier` tries the same questions. Its label is a class, here 0 or 1.
# `maxDepth=3` allows three questions in a row. Like all of Spark ML it wants its features in one
# vector:

# %%
from pyspark.ml.classification import DecisionTreeClassifier
from pyspark.ml.feature import VectorAssembler

ASKED = ["salary", "commute", "coffee"]
vector = VectorAssembler(inputCols=ASKED, outputCol="features")
rows = vector.transform(spark.createDataFrame(friends))
job_tree = DecisionTreeClassifier(labelCol="stayed", maxDepth=3).fit(rows)

# %% [markdown]
# Each question of a tree is a *node*. `draw.nodes` reads the nodes out of Spark's model and makes a
# table of them. Row 0 is the *root*, the first question.

# %% tags=["nbval-check-output"]
table = draw.nodes(job_tree, ASKED)
column, threshold = min(tries, key=tries.get)
gain = before - tries[column, threshold]
print(f"by hand: {column} ≤ {threshold:g}, gain {gain:.4f}")
print(f"Spark:   {table['question'][0]}, gain {table['gain'][0]:.4f}")

# %% [markdown]
# The same question, the same gain. And then? Then the same search starts again in each of the two
# groups, with the friends of that group alone. A group that is pure, or too deep, becomes a
# *leaf* and gets an answer: the majority of its friends. This is the whole algorithm. As a text,
# you find the tree in `job_tree.toDebugString`. We draw it from its nodes:

# %%
words = {0: "leaves", 1: "stays"}
draw.tree(table, "Will she stay?", words.get, "friends")

# %% [markdown]
# Yes goes to the left, no to the right. `coffee ≤ 0.5` means: no free coffee. With three questions
# the tree is right about all twelve friends. Note that the coffee matters after all, but only in
# one group: for those with enough money and a short way. A tree can ask different things of
# different people.
#
# **Predict:** follow Lena's offer through the tree. Will she stay? And if they paid her 2,000
# dollars less?

# %% tags=["nbval-check-output"]
from pyspark.ml.linalg import Vectors

for salary in (52, 51, 50):
    answer = job_tree.predict(Vectors.dense([salary, 25, 1]))
    print(f"${salary},000: {words[answer]}")

# %% [markdown]
# At 52,000 dollars she stays, and at 51,000 she leaves. A tree knows no "nearly". And be careful
# with a tree that is always right. The leaf for "no coffee" rests on one single friend. Would you
# advise a stranger on the word of one person? We come back to this when we have more rows.
#
# **Exercise 1.** Another measure of impurity is *entropy*, in Spark `impurity="entropy"`. Put it
# into `gini` and run the cells again: `return -sum(q * np.log2(q) for q in (p, 1 - p) if q > 0)`.
# Which question comes first now?
#
# <details><summary>Answer</summary>
#
# The same: at most 51. The numbers differ (0.918 before, 0.667 after), but the order hardly does.
# In practice, it is rarely worth the time to choose between the two.
# </details>
#
# ## A line or a box?
#
# Lesson 06 would have drawn a line. How do the two differ? For a picture we need two columns, so
# we take the coffee away. *Logistic regression*, of which lesson 20 tells, draws a straight line
# between two classes. The rows are few and Spark is not the subject, so scikit-learn may do it:

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier as ScikitTree

two, label = friends[["salary", "commute"]], friends["stayed"]
draw.boundaries(friends, {
    "A line": LogisticRegression().fit(two, label),
    "A tree": ScikitTree(max_depth=2).fit(two, label)}, lena)

# %% [markdown]
# They even disagree about Lena: the line sends her away, the tree lets her stay. A line may be
# slanted: a longer way can be made up by more money. But it must be straight. A tree can only cut
# along the axes, because each question is about one column, and so its regions are boxes. It can
# have as many boxes as it likes. So a tree is good at "only if": only if the money is right *and*
# the way is short. A line is good at "the more, the better".
#
# **Exercise 2.** Measure the salary in millions: `millions = two * [0.001, 1]`. Fit both models to
# `millions` and print `model.predict(millions)`. Which of the two changes its mind about friends?
#
# <details><summary>Answer</summary>
#
# The line does: now it says that all twelve leave. Scikit-learn's logistic regression has a
# penalty on large coefficients, and such small numbers would need one. The tree has a threshold of
# 0.051 instead of 51, and gives the same answers as before. It only asks what lies on which side,
# so it cares about the order of the values and not about their size. You need not scale the
# features of a tree, nor take their logarithm.
# </details>
#
# ## From yes and no to dollars
#
# Lena has taken the job. Her phone at the agency rings all day. Owners ask: what can I get for my
# place, per night? She cannot compute logarithms with somebody on the phone. She wants a card with
# three questions on it, and a price at the end of each path.
#
# The data is that of lesson 06. We put a fifth of the training rows aside, to choose by, and leave
# the test rows for the end. As in lesson 06 we predict the logarithm of the price, because prices
# work in percent.

# %%
from pyspark.sql import functions as F

from course_utils import load_split

train, test = load_split("listings")
logs = train.withColumn("log_price", F.log("price"))
held = F.pmod(F.hash("latitude", "longitude", "accommodates"), F.lit(5)) == 0

# %% tags=["nbval-check-output"]
learn = logs.filter(~held).repartition(2, "latitude").cache()
valid = logs.filter(held).cache()
print(f"{learn.count():,} rows to learn from, {valid.count():,} to choose by")

# %% [markdown]
# `repartition(2, "latitude")` makes two partitions; we will look into them later. `cache` keeps
# the rows in memory, as we are going to read them often.
#
# What can a tree say when the label is a number? A leaf predicts the *mean* of its rows. And the
# impurity of a group is the *variance* of its labels: the mean squared distance from that mean. So
# a tree wants small squares, like the line of lesson 06. In Spark it is the
# `DecisionTreeRegressor`. For a first look we give it one column, the number of guests, and two
# questions in a row, and draw a line beside it.
#
# **Predict:** how does a tree look if you draw its prediction over the number of guests?

# %%
from pyspark.ml.regression import DecisionTreeRegressor, LinearRegression

guests = VectorAssembler(inputCols=["accommodates"], outputCol="features")
one = guests.transform(learn)
stairs = DecisionTreeRegressor(labelCol="log_price", maxDepth=2).fit(one)
line = LinearRegression(labelCol="log_price").fit(one)

# %% [markdown]
# A model's `predict` takes one vector, so we can ask it about 1 to 16 guests without a data frame:

# %%
def for_guests(model, most=16):
    return [model.predict(Vectors.dense([n])) for n in range(1, most + 1)]


seen = learn.select("accommodates", "log_price").toPandas()
draw.steps(seen, {"tree": for_guests(stairs), "line": for_guests(line)})

# %% [markdown]
# (`toPandas` copies two columns of a few thousand rows; of a large table you would take a sample.)
# The diamonds are typical prices, $e$ to the mean of the logarithms. Two questions in a row lead
# to at most four leaves, so the tree knows four prices and jumps between them. More questions make
# more and smaller steps.
#
# ## The card
#
# For the card we give the tree four columns. One is categorical: `room_type`, an entire home, a
# private or a shared room. Vectors hold numbers, so `StringIndexer` numbers the categories. We do
# it for all categorical columns that we will need:

# %%
from pyspark.ml.feature import StringIndexer

TEXT = ["room_type", "neighbourhood_cleansed", "property_type",
        "host_is_superhost"]
INDEX = [f"{name}_index" for name in TEXT]
indexer = StringIndexer(inputCols=TEXT, outputCols=INDEX,
                        handleInvalid="keep").fit(learn)
learn, valid = (indexer.transform(rows).cache() for rows in (learn, valid))
labels = dict(zip(INDEX, indexer.labelsArray, strict=True))

# %% [markdown]
# `handleInvalid="keep"` gives a number to categories that were never seen before, too. `labels` has
# the categories in the order of their numbers.
#
# Lesson 07 warned you: with such numbers a line takes shared rooms for twice as much of something
# as private rooms. A tree does not. `StringIndexer` leaves a note with its column, its
# *metadata*: these numbers are categories. `VectorAssembler` passes it on, and the tree reads it.
# For such a column it does not ask "at most 1?", it asks "is it one of these?".
#
# From here on, all trees are grown by the same few lines:

# %%
from pyspark.ml import Pipeline


def grow(columns, rows=learn, **settings):
    vector = VectorAssembler(inputCols=columns, outputCol="features")
    tree = DecisionTreeRegressor(labelCol="log_price", **settings)
    return Pipeline(stages=[vector, tree]).fit(rows)


# %% [markdown]
# `columns` go into the vector, and `settings`, such as `maxDepth`, to the tree. Here is the card:

# %%
CARD = ["accommodates", "bedrooms", "bathrooms", "room_type_index"]
card = grow(CARD, maxDepth=3)
nodes = draw.nodes(card.stages[-1], CARD, labels)
draw.tree(nodes, "What can I ask for my place?",
          lambda log_price: f"${np.exp(log_price):.0f}", "places")

# %% [markdown]
# There it is, and it goes on a card. ("bedrooms ≤ 1.5" means none or one; "guests" is the column
# `accommodates`.) Try it: an owner calls about an entire home with two bedrooms for five guests
# and one bathroom. What do you say?

# %% tags=["nbval-check-output"]
entire = list(labels["room_type_index"]).index("Entire home/apt")
place = Vectors.dense([5, 2, 1, entire])
typical = np.exp(card.stages[-1].predict(place))
print(f"The card says ${typical:.0f} a night.")

# %% [markdown]
# How good is the card? We compare its error on new rows with that of the mean:

# %%
from pyspark.ml.evaluation import RegressionEvaluator

rmse = RegressionEvaluator(labelCol="log_price")


def errors(model, known=learn, new=valid):
    return [rmse.evaluate(model.transform(rows)) for rows in (known, new)]


# %% [markdown]
# `errors` gives the RMSE on training and on new rows.

# %% tags=["nbval-check-output"]
mean = learn.agg(F.avg("log_price")).first()[0]
always = rmse.evaluate(valid.withColumn("prediction", F.lit(mean)))
print(f"new rows: mean {always:.3f}, card {errors(card)[1]:.3f}")

# %% [markdown]
# These are errors of a logarithm. To read one, take $e$ to its power: 0.47 means that a typical
# price is missed by a factor of 1.6. Three questions did a good part of what can be done.
#
# ## The tree that would not grow
#
# Lena's boss looks at the card. "Where is the neighborhood? A private room in a good street is
# worth more than a flat in a bad one." He wants both in one question, so we glue them together:

# %%
def with_place(rows, keep=None):
    place = F.concat_ws(", ", "neighbourhood_cleansed", "room_type")
    if keep:
        place = F.when(place.isin(keep), place).otherwise("other")
    return rows.withColumn("place", place)


# %% [markdown]
# `concat_ws` glues with a comma, such as "Old Harbor, Private room"; `keep` is for later. The new
# column gets numbers like the others:

# %%
place_index = StringIndexer(inputCol="place", outputCol="place_index",
                            handleInvalid="keep")

# %% [markdown]
# **Predict:** does the tree grow?

# %% tags=["nbval-check-output"]
import textwrap

from pyspark.errors import IllegalArgumentException

places = place_index.fit(with_place(learn))
try:
    grow([*CARD, "place_index"], places.transform(with_place(learn)))
except IllegalArgumentException as error:
    print(textwrap.fill(str(error), 80))

# %% [markdown]
# Spark refuses, and names a parameter that we never set. To see why, think of how many questions
# there are about a categorical column. Each way to put the categories into two groups is one:

# %% tags=["nbval-check-output"]
k = len(places.labels)
print(f"{k} categories can be split in {2 ** (k - 1) - 1:.1e} ways.")
print(f"Sorted by their mean log(price), only {k - 1} need a try.")

# %% [markdown]
# Nobody can try all those. But there is a theorem: sort the categories by the mean of their
# labels, and the best split for variance is a cut through this sorted list. So Spark needs the
# mean of *each category*. It counts rows, sums and squares in *bins*, one bin per category, and
# has `maxBins` of them for each column, by default 32. Numbers can share a bin, with their
# neighbors. Categories can't, because before the count nobody knows which of them belong
# together. (Our column needs one bin more than it has categories, for those never seen.)
#
# There are two ways out. The first: allow more bins. The second: have fewer categories, such as the
# 30 most frequent and one called "other".
#
# **Predict:** which of the two has the smaller error on new rows?

# %%
counts = with_place(learn).groupBy("place").count()
common = counts.orderBy(F.desc("count"), "place").limit(30).collect()
common = [row["place"] for row in common]

# %% [markdown]
# `collect` brings 30 rows to the notebook. Now both ways, with three questions as on the card:

# %%
def grow_places(keep, bins):
    known, new = with_place(learn, keep), with_place(valid, keep)
    index = place_index.fit(known)
    known, new = index.transform(known), index.transform(new)
    model = grow([*CARD, "place_index"], known, maxDepth=3, maxBins=bins)
    return errors(model, known, new)


# %% tags=["nbval-check-output"]
ways = {f"all {k}, {k + 1} bins": grow_places(None, k + 1),
        "30 and other, 32 bins": grow_places(common, 32)}
for way, (known, new) in ways.items():
    print(f"{way:21}  training {known:.3f}  new {new:.3f}")

# %% [markdown]
# Compare the right column with the error of the card: a column made by hand can help a shallow
# tree, because it asks about two things at once. Joining the rare categories throws something
# away; on the other hand, a category with three listings has a mean that is mostly luck. More
# bins also cost something. There are more of them *for every column*, and each is counted in each
# node and sent over the network, as you will see.
#
# ## Trees need no one-hot
#
# Lesson 07 turned categories into columns of zeros and ones, for the line. Should we do that for
# a tree, too? Then there is no limit on their number: each column has two values and needs two
# bins. But think about what one question can do then. We ask both kinds of trees one question
# about the neighborhood.

# %%
from pyspark.ml.feature import OneHotEncoder

HOT = [f"{name}_hot" for name in TEXT]
encoder = OneHotEncoder(inputCols=INDEX, outputCols=HOT).fit(learn)
hot_learn, hot_valid = (encoder.transform(rows) for rows in (learn, valid))

# %% [markdown]
# `asked["rows"]` has the rows of the root, of its yes side and of its no side:

# %% tags=["nbval-check-output"]
for column in ("neighbourhood_cleansed_index", "neighbourhood_cleansed_hot"):
    model = grow([column], hot_learn, maxDepth=1, maxBins=64).stages[-1]
    areas = labels["neighbourhood_cleansed_index"]
    asked = draw.nodes(model, areas if "hot" in column else [column], labels)
    yes, no = asked["rows"][1:]
    print(f"{column:29}{yes:6,} | {no:5,} places, "
          f"gain {asked['gain'][0]:.4f}")

# %% [markdown]
# With the index, one question puts a whole group of neighborhoods on each side, the cheap ones left
# and the expensive ones right. With one-hot, a question can only take *one* neighborhood out of all
# others, and gains much less. To say the same, the tree must ask again and again. It may well run
# out of depth before, or ask about something else, because no single one of the columns looks
# worthwhile.
#
# Now with all columns. These are the ones that hold numbers:

# %%
NUMBERS = ["accommodates", "bedrooms", "bathrooms", "minimum_nights",
           "number_of_reviews", "review_scores_rating",
           "review_scores_location"]

# %% [markdown]
# **Predict:** once we add the categories as an index and once as one-hot. Which tree is better on
# new rows, and by how much?

# %%
results = {}
for kind, columns in (("index", INDEX), ("one-hot", HOT)):
    model = grow([*NUMBERS, *columns], hot_learn, maxBins=64)
    tree = model.stages[-1]
    results[kind] = [tree.numFeatures, tree.numNodes,
                     *errors(model, hot_learn, hot_valid)]

# %% tags=["nbval-check-output"]
compared = pd.DataFrame(results, ["columns", "nodes", "training", "new"]).T
print(compared.round(3).to_string())
better = compared["new"].diff().iloc[-1]
print(f"Without one-hot the error on new rows is {abs(better):.3f} "
      f"{'lower' if better > 0 else 'higher'}, "
      f"with {compared['columns'].diff().iloc[-1]:.0f} fewer columns.")

# %% [markdown]
# Both trees have the default depth of 5. On training rows the tree with the index is closer,
# because each of its questions can do more. On new rows the difference depends on how much the
# categories matter. In our generated city it is no larger than luck; on the real listings of San
# Francisco the index is clearly better. The many columns of one-hot pay in neither of them. So for
# trees, leave it out, and set `maxBins` to at least the number of categories.
#
# ## How deep?
#
# So far we have taken three or five questions in a row, without a reason. Each level doubles the
# number of leaves, and with enough levels each listing gets a leaf of its own.
#
# **Predict:** draw two curves on paper, the error on training and on new rows, from depth 1 to 12.

# %%
ALL = [*NUMBERS, *INDEX]
trees = {depth: grow(ALL, maxDepth=depth, maxBins=64)
         for depth in (1, 2, 3, 4, 6, 8, 12)}
curve = {depth: errors(tree) for depth, tree in trees.items()}

# %% [markdown]
# Beside the two curves we draw a line for what is possible at all, as you will see:

# %%
from course_utils import get_truth

truth = get_truth("listings")
draw.depths(curve, truth.sigma if truth else None)

# %% [markdown]
# The dotted line is something that only a course with generated data can show: the error of the
# best model there can be, which knows how the prices were made. (With a real file there is no
# truth to know, and the line is missing.) Nobody gets below it on new rows, except by luck.
#
# On the left both curves are high. The tree is too simple to say what there is to say. This is
# *underfitting*, and the error has a name, *bias*. On the right, the tree goes below the dotted
# line on rows that it knows. It cannot know that much about prices, so it has learned the luck of
# single listings by heart. On new rows that luck does not come back, and the error rises. This is
# *overfitting*, and its error is called *variance*. The word means that the tree would be another
# one if chance had given us other rows. We can see that directly: grow two trees from two halves
# of the rows, and compare what they predict for the same new listings.

# %%
coin = F.pmod(F.hash("longitude", "latitude"), F.lit(2)) == 0


def disagreement(depth):
    one, other = (grow(ALL, half, maxDepth=depth, maxBins=64)
                  for half in (learn.filter(coin), learn.filter(~coin)))
    first = one.transform(valid).withColumnRenamed("prediction", "first")
    both = other.transform(first.drop("features"))
    gap = F.col("first") - F.col("prediction")
    return both.agg(F.sqrt(F.avg(gap**2))).first()[0]


# %% [markdown]
# **Predict:** at which depth do the two trees agree better, 2 or 12?

# %% tags=["nbval-check-output"]
for depth in (2, 12):
    apart = disagreement(depth)
    print(f"depth {depth:2}: two trees are {apart:.2f} apart, "
          f"a factor of {np.exp(apart):.2f}")

# %% [markdown]
# (We drop `features` of the first tree, because the second wants to make its own.) The deep trees
# differ so much that an owner would get another price from each. So depth is a trade: bias falls
# with it and variance rises. Choose it by rows that the tree has not seen. Lesson 12 does that
# with cross-validation, and then finds a way to have deep trees without the variance.

# %% tags=["nbval-check-output"]
best = min(curve, key=lambda depth: curve[depth][1])
print(f"Depth {best} has the least error on new rows, {curve[best][1]:.3f}.")
print(f"The card, with 3 questions and 4 columns: {errors(card)[1]:.3f}")

# %% [markdown]
# **Exercise 3.** Depth is not the only brake. Set `minInstancesPerNode=50` beside `maxDepth` in
# `trees`, so that no leaf has fewer than 50 rows. Which end of the curves moves?
#
# <details><summary>Answer</summary>
#
# The right end. At depth 12 the error on training rows is higher, and that on new rows is much
# lower: a leaf can no longer learn a single listing by heart. The left end hardly moves, because
# leaves of shallow trees are large anyway. `minInfoGain` is a third brake: it forbids questions
# that gain too little.
# </details>
#
# ## How Spark grows a tree
#
# To find the best question by hand, we sorted the friends and tried each threshold. With a billion
# rows on a hundred machines nobody wants to sort, and the rows should stay where they are. Spark's
# answer is that it needs no rows. It needs three numbers for each bin:
#
# ```mermaid
# flowchart LR
#     p1["partition 1:<br/>rows as bin numbers"] --> h1["histograms of<br/>each node and column"]
#     p2["partition 2:<br/>rows as bin numbers"] --> h2["histograms of<br/>each node and column"]
#     h1 -->|shuffle| a("node A: adds,<br/>finds its best split")
#     h2 -->|shuffle| a
#     h1 -->|shuffle| b("node B: adds,<br/>finds its best split")
#     h2 -->|shuffle| b
#     a --> driver("driver: adds a level<br/>to the tree")
#     b --> driver
#     driver -.->|"next level: the new tree<br/>goes to all partitions"| p1
#     driver -.-> p2
# ```
#
# In words: each partition reads its rows once and counts them into *histograms*, one for each node
# of the current level and each column. The histograms of a node are sent to one worker, which adds
# them up and finds the best split. The driver gets only the splits. It puts them on the tree, sends
# the tree out, and the next level begins. We can do the first level by hand. Here are the
# histograms of both partitions:

# %%
def bins(column):
    y = F.col("log_price")
    partition = F.spark_partition_id().alias("partition")
    sums = learn.groupBy(partition, column).agg(
        F.count("*").alias("n"), F.sum(y).alias("s"),
        F.sum(y * y).alias("ss"))
    return sums.toPandas()


# %% tags=["nbval-check-output"]
wide = bins("bedrooms").pivot(index="bedrooms", columns="partition",
                              values=["n", "s"])
print(wide.fillna(0).round(1).to_string())

# %% [markdown]
# `n` counts the rows and `s` adds up the logarithms of their prices; `ss`, for the squares, is not
# printed. Each partition has a line for each number of bedrooms. This little table is all that
# leaves a partition, whether it holds two thousand rows or two billion. Adding the tables gives
# the histogram of all rows, and from it we get the variance on both sides of each cut, because a
# group's sum of squared distances is `ss` − `s`² / `n`:

# %%
def best_gain(added):
    left = added.cumsum().iloc[:-1]
    total = added.sum()
    squares = [side["ss"] - side["s"] ** 2 / side["n"]
               for side in (total, left, total - left)]
    return ((squares[0] - squares[1] - squares[2]) / total["n"]).max()


# %% [markdown]
# `cumsum` adds up the bins from the left, so its rows are the left sides of all cuts; what is
# missing to the total is the right side. For categories we sort the bins by their mean first, as
# the theorem says.

# %% tags=["nbval-check-output"]
for column in CARD:
    added = bins(column).groupby(column)[["n", "s", "ss"]].sum()
    if column in INDEX:
        added = added.loc[(added["s"] / added["n"]).sort_values().index]
    print(f"{column:16} gain {best_gain(added):.6f}")
root = nodes.iloc[0]
print(f"Spark's card:    gain {root['gain']:.6f} by {root['question']}")

# %% [markdown]
# The best of our four gains is Spark's, to the last digit: its root asks about that column.
#
# What if a column has more values than bins? Latitude has thousands of them. Then Spark takes a
# sample, chooses thresholds that put about as many rows into each bin, and turns each value into
# the number of its bin, once, before the first level. From then on it only sees the bins. So
# `maxBins` is also a matter of precision: with 32 bins there are 31 thresholds to try.
#
# Now count the passes over the data. Each pass is a Spark *job*. We give a group name to the jobs
# of a fit, and ask Spark's list of jobs for them.
#
# **Predict:** a tree of depth 4 has 15 questions. How many passes over the data does it take?

# %%
from itertools import count

vectors = card.stages[0].transform(learn)
number = count()

# %%
def fit_in_group(**settings):
    group = f"tree {next(number)}"
    spark.sparkContext.setJobGroup(group, "growing one tree")
    tree = DecisionTreeRegressor(labelCol="log_price", **settings)
    questions = tree.fit(vectors).numNodes // 2
    spark.sparkContext.setLocalProperty("spark.jobGroup.id", None)
    return group, questions


# %% [markdown]
# Each tree gets a group with a number of its own. `numNodes` counts questions and leaves; a tree
# with $n$ questions has $2n + 1$ nodes, hence the `// 2`. The line before `return` ends the group.

# %%
fits = {depth: fit_in_group(maxDepth=depth) for depth in (1, 2, 3, 4)}

# %% tags=["nbval-check-output"]
tracker = spark.sparkContext.statusTracker()
for depth, (group, questions) in fits.items():
    jobs = tracker.getJobIdsForGroup(group)
    print(f"depth {depth}: {questions:2} questions, {len(jobs)} jobs")

# %% [markdown]
# The number of questions doubles with each level, but the number of jobs grows by *one*: all
# nodes of a level are counted in the same pass. And the other three jobs? Every job has stages
# with a name, and the last one says what it was for:

# %% tags=["nbval-check-output"]
for job in sorted(tracker.getJobIdsForGroup(fits[2][0])):
    last = max(tracker.getJobInfo(job).stageIds)
    print(tracker.getStageInfo(last).name)

# %% [markdown]
# The names are those of lines in Spark's source. The first job takes one row, to see how many
# features there are. The second counts the rows. The third takes the sample and finds the
# thresholds. This tree has depth 2, and the last two jobs are alike, one for each level:
# `collectAsMap` brings the best splits to the driver.
#
# One thing can spoil this. The histograms of all nodes of a level have to fit into `maxMemoryInMB`,
# by default 256. If they don't, the level takes several passes. We can force it, with no memory at
# all, which means one node at a time:

# %% tags=["nbval-check-output"]
group, questions = fit_in_group(maxDepth=3, maxMemoryInMB=0)
jobs = tracker.getJobIdsForGroup(group)
print(f"{questions} questions, {len(jobs)} jobs")

# %% [markdown]
# Instead of three passes for three levels there are seven, one for each question. So what? The cost
# of a tree in Spark is (levels) × (a pass over the rows), and what travels is
# (nodes) × (columns) × (bins), which has nothing to do with the number of rows. That is why trees
# scale, and why deep trees, wide tables and many bins are what makes them slow.
#
# ## Which column matters?
#
# Lena's boss wants to know which column matters most. A tree has an answer: add up the gains of all
# questions about a column, each weighed by its rows, and divide by the total. Spark has it ready,
# as `featureImportances`.
#
# Can you trust it? We put three columns into the table that mean nothing. `coin` is 0 or 1.
# `ticket` is a number up to 100,000. `clerk` is one of 30 people who might have typed the listing
# in. All come from a hash, so they have nothing to do with prices.

# %%
def by_chance(seed, n):
    number = F.xxhash64("latitude", "longitude", F.lit(seed))
    return F.pmod(number, F.lit(n)).cast("double")


# %%
columns = {"coin": by_chance(1, 2), "ticket": by_chance(2, 100_000),
           "clerk": by_chance(3, 30).cast("string")}
clerks = StringIndexer(inputCol="clerk", outputCol="clerk_index",
                       handleInvalid="keep").fit(learn.withColumns(columns))
mixed, mixed_valid = (clerks.transform(rows.withColumns(columns))
                      for rows in (learn, valid))

# %% [markdown]
# **Predict:** a tree of depth 10 has 14 columns to choose from. On which places do the three end
# up?

# %%
MADE_UP = ["coin", "ticket", "clerk_index"]
deep = grow([*ALL, *MADE_UP], mixed, maxDepth=10, maxBins=64)
shares = deep.stages[-1].featureImportances.toArray()
importance = pd.DataFrame({"importance": shares}, [*ALL, *MADE_UP])

# %% [markdown]
# To have something to compare it with, we measure importance in another way: on new rows, and by
# damage. We shuffle one column, so that it no longer belongs to its rows, and see how much the
# error rises. This is *permutation importance*. All shuffled copies go through the model at once:

# %%
asked = mixed_valid.select(*ALL, *MADE_UP, "log_price").toPandas()
asked = asked.sort_values(list(asked))  # the same order in each run
rng = np.random.default_rng(11)
copies = [asked.assign(**{c: rng.permutation(asked[c])}, shuffled=c)
          for c in importance.index]
copies = pd.concat([asked.assign(shuffled="none"), *copies])

# %% [markdown]
# A copy has the column's name in `shuffled`, so one `groupBy` gives the error of each.

# %%
scored = deep.transform(spark.createDataFrame(copies))
miss = F.col("log_price") - F.col("prediction")
after = dict(scored.groupBy("shuffled")
             .agg(F.sqrt(F.avg(miss**2))).collect())
importance["rise"] = pd.Series(after) - after["none"]
draw.importances(importance, MADE_UP)

# %% [markdown]
# On the left, the clerk is among the most important columns, before some that do have an
# influence on the price. On the right it is unmasked: shuffle it, and the error on new rows does
# not rise. And the coin, which means just as little, has got next to nothing on the left.
#
# Why is that so? The importance of a tree counts gains on the rows that it has learned from. A
# coin allows one question, and it is rarely lucky. The ticket allows many thresholds, and the best
# of many is lucky more often. (Not 100,000 of them: Spark sorts numbers into `maxBins` bins first,
# and asks only between two bins. That keeps the ticket behind the clerk.) Thirty clerks can be
# sorted by their mean price in each node, and the best cut through a sorted list always gains
# something. So the importance of a tree is *biased* toward columns with many values, most of all
# toward categories. An identifier that somebody forgot to take out and indexed as a category is the
# worst case. Shallow trees have less of it, as they have fewer chances to be lucky. To be sure,
# measure on new rows.
#
# ## What a tree can't do
#
# Next summer prices will be up by a fifth. Or the agency gets a villa for 20 guests, and has never
# let one. What does a tree predict for what it has not seen? We pretend that there were no
# listings for more than six guests, and fit the tree and the line on the rest.
#
# **Predict:** draw both beyond six guests.

# %%
small = guests.transform(learn.filter("accommodates <= 6"))
stairs = DecisionTreeRegressor(labelCol="log_price", maxDepth=5).fit(small)
line = LinearRegression(labelCol="log_price").fit(small)
draw.steps(seen, {"tree": for_guests(stairs), "line": for_guests(line)}, 6)

# %% [markdown]
# We do have the prices of larger places, so we can see what the two would have got wrong:

# %% tags=["nbval-check-output"]
large = guests.transform(logs.filter("accommodates > 6"))
for name, model in (("tree", stairs), ("line", line)):
    scored = model.transform(large)
    off = scored.agg(F.avg(F.col("prediction") - F.col("log_price")))
    print(f"{name}: RMSE {rmse.evaluate(scored):.3f}, "
          f"mean error {off.first()[0]:+.3f}")

# %% [markdown]
# The tree stays flat. A leaf predicts a mean of rows that it has seen, so no prediction of a tree
# can be above the highest leaf or below the lowest, and every new listing that is larger falls
# into the last one. A mean error below zero says that it predicts too little. The line goes on,
# for better or for worse: it has learned a slope among small places, and nobody knows if it holds
# for large ones. A tree does not *extrapolate*; a line does, without asking you.
#
# So what? Before you use a tree, ask if tomorrow's values will lie within today's. If prices rise
# year by year, predict the change, or the price divided by the index, and not the price itself.
#
# ## Is the tree the best model?
#
# The depth is chosen, so we may open the test rows, once. Against the mean, the card and the best
# tree we send a line with all columns, and its categories as one-hot.

# %%
final = indexer.transform(test.withColumn("log_price", F.log("price")))
final = encoder.transform(final).cache()
vector = VectorAssembler(inputCols=[*NUMBERS, *HOT], outputCol="features")
regression = LinearRegression(labelCol="log_price")
line = Pipeline(stages=[vector, regression]).fit(hot_learn)

# %% [markdown]
# `hot_learn` has the columns of `learn` and the one-hot vectors. Who is last, who is first?

# %%
models = {"the card": card, f"a tree of depth {best}": trees[best],
          "a line with one-hot": line}

# %% tags=["nbval-check-output"]
always = final.withColumn("prediction", F.lit(mean))
scores = {"the mean": rmse.evaluate(always)}
for name, model in models.items():
    scores[name] = rmse.evaluate(model.transform(final))
for name, score in sorted(scores.items(), key=lambda item: -item[1]):
    print(f"{score:.3f}  {name}")
print("the best possible:", truth.sigma if truth else "unknown")

# %% [markdown]
# In the generated city the line has to win: there, log(price) *is* a sum, and a sum is what a line
# can say and a tree can only approach in steps. It also wins on the real listings of San Francisco.
# A single tree is seldom the best model. You take it because anybody can read it, because it needs
# neither one-hot nor scaling, and because it is the brick of the best models that there are for
# tables: forests (lesson 12) and boosted trees (lesson 16).
#
# ## On Databricks
#
# > - The code is the same: it is `pyspark.ml`. The defaults are the same, too: `maxDepth` 5,
# >   `maxBins` 32, `maxMemoryInMB` 256.
# > - `display(model)` draws a decision tree in a notebook. It does so for some models only; give
# >   it the tree and not the pipeline, `display(card.stages[-1])`. As a text, a tree is in
# >   `toDebugString` there, too.
# > - On *standard* and *serverless* compute there is no `SparkContext`. Growing trees works, but
# >   job groups, the status tracker and `draw.nodes` need *dedicated* compute.
# > - On serverless compute a fitted model may have at most 100 MB. One tree stays far below it;
# >   many deep trees may not.
#
# ## Quiz
#
# Questions of the kind that the exam asks. Choose first, then look at the answer.

# %%
from course_utils import ask_quiz

ask_quiz("11")

# %% [markdown]
# ## What you know now
#
# - A tree asks the question that gains most, and then does the same in each group. Impurity is
#   Gini or entropy for classes and variance for numbers.
# - Its regions are boxes and its predictions are steps. It needs no scaling and cannot go beyond
#   what it has seen.
# - Depth trades bias for variance. Choose it on rows that the tree has not learned from.
# - Categories stay an index, without one-hot. `maxBins` must be at least their number; raise it,
#   or join rare categories.
# - Spark counts rows into histograms, partition by partition, adds them up, and needs one pass for
#   each level.
# - `featureImportances` prefers columns with many values; permutation on new rows does not.
#
# **Check yourself:** a tree has RMSE 0.12 on the rows it has learned from and 0.60 on new rows.
# Is this bias or variance, and which two parameters would you change? A colleague proposes to
# one-hot encode the customer's postal code for it. What do you say?
#
# <details><summary>Answer</summary>
#
# Variance: the tree knows its own rows by heart. A smaller `maxDepth` and a larger
# `minInstancesPerNode` make it simpler. And a one-hot encoded postal code gives the tree thousands
# of columns that are nearly always zero. Each split can take away one code only, while an indexed
# column lets it divide the codes into two groups at once (with `maxBins` at least as large as the
# number of codes). Better still are a few columns that say what the code stands for, such as the
# town or the distance to the center.
# </details>
#
# **Exam:** when one-hot encoding is right and when it is not, in particular for trees; model
# complexity, underfitting and overfitting, bias and variance; how Spark distributes the growing of
# trees, and what `maxBins` is for.
#
# **Next:** lesson 12, *Random forests*: many deep trees together have little bias and little
# variance.
