# %% [markdown]
# # 06 · Linear regression I
#
# Ada lets a flat with two bedrooms. She could turn the study into a third one, and the builder
# wants an answer by Friday. How many dollars a night would the third bedroom bring in?
#
# That should be easy. Thousands of places in her city are listed with their prices, so she
# compares those with three bedrooms to those with two. But on the way through this lesson you
# will compute five answers from the same listings. The highest is far above the lowest, and none
# of them is a mistake.
#
# **The question:** what is one more bedroom worth, and when can you believe such a number?
#
# - **Time:** 50 minutes, and 20 more for the lab
# - **Before you start:** select, filter and group a DataFrame (lesson 01)
# - **Data:** `listings`, places to rent in one city, one row each, with the price per night. They
#   are made for this course, by rules that we know: at the end you can compare your answer with the
#   truth

# %%
from course_utils import get_spark, load_split

spark = get_spark("06_linear_regression_1")
train, test = load_split("listings")

# %% [markdown]
# `get_spark` starts Spark, and `load_split` gives us two data frames. We learn from `train`. The
# rows in `test` play the future: listings that come up next month. We put them aside until there
# is a model to test.
#
# Before any model, let us look at the data itself: each listing in `train`, as a dot.

# %%
from course_utils import helpers

draw = helpers("06")
rows = train.select("bedrooms", "price").toPandas()
draw.cloud(rows)

# %% [markdown]
# `helpers("06")` loads the functions that draw the pictures of this lesson; they are in
# `lessons/06_linear_regression_1/helpers.py` if you are curious. `toPandas()` copies rows from
# Spark into this notebook's own memory. Two columns of a few thousand rows are about 100 KB, so
# that is safe here. With a billion rows you would draw a sample, `train.sample(0.00001)`.
#
# The picture shows two things. More bedrooms go with higher prices, but by very different steps:
# look at the first one, from a studio to one bedroom. And the dots are all over the place: the
# number of bedrooms alone does not say much about a single price.
#
# Here is Ada's own answer, the difference of two means:

# %% tags=["nbval-check-output"]
from pyspark.sql import functions as F

answers = {}
means = dict(train.groupBy("bedrooms").agg(F.avg("price")).collect())
answers["three-bedroom mean minus two-bedroom mean"] = means[3] - means[2]
print(f"A third bedroom: ${means[3] - means[2]:.2f} a night")

# %% [markdown]
# `groupBy` and `agg` make one row for each number of bedrooms, with the mean price. `collect()`
# brings this handful of rows to the notebook, and `dict` makes a dictionary of them: `means[3]`
# is the mean price with three bedrooms. We note the answer in another dictionary, `answers`,
# where it will soon have company.
#
# What is wrong with the answer? It uses only the listings with two or three bedrooms, and ignores
# what all the others could tell. It also says nothing to Ada's neighbor, who thinks about a
# fourth bedroom. A line does better: it uses every listing, and it is one rule for everybody.
#
# ## A line by eye
#
# A straight line is a rule with two numbers:
#
# $$\text{price} = \text{intercept} + \text{slope} \cdot \text{bedrooms}$$
#
# The *intercept* is the price without any bedroom, a studio. The *slope* is what each bedroom
# adds. From the picture, 50 dollars for the one and 100 for the other look like a fair guess:

# %%
def by_eye(bedrooms):
    return 50 + 100 * bedrooms


draw.residuals(rows, by_eye, "A line by eye, and what it leaves over")

# %% [markdown]
# The picture shows 30 listings, six for each number of bedrooms. What the line leaves over is
# called a *residual*: the price minus the prediction. It is positive for a listing above the line
# and negative for one below it. A good line has short residuals.
#
# The sentence under the picture measures them for all listings, in two ways. The first is the
# mean of their absolute values. The second squares each residual, takes the mean, and then the
# square root. Soon you will see why there are two.
#
# **Exercise 1.** Change the two numbers in `by_eye` and run the cell again. How small can you
# make the first measure? How small the second?
#
# <details><summary>What you will find</summary>
#
# It is hard by hand: a change that helps one measure can hurt the other. The next section tries
# all slopes for you.
# </details>
#
# ## Which line is best?
#
# To say which line is best, we need one number for all its residuals, the *loss*. The two
# measures are the usual choices. Take a listing that the line misses by 200 dollars, and one that
# it misses by 100. With absolute values, the first counts twice as much as the second; with
# squares, four times as much.
#
# **Predict:** will both losses choose the same slope?
#
# We try every slope from 0 to 300 dollars. For each one, `left` holds what remains of the prices
# when the bedrooms are paid for. The intercept that fits this rest best is its mean if we count
# squares, and its median if we count absolute values.

# %%
import numpy as np

slopes = np.arange(0, 301)
left = [rows["price"] - slope * rows["bedrooms"] for slope in slopes]
squares = [np.sqrt(np.mean((r - r.mean()) ** 2)) for r in left]
absolute = [np.mean(abs(r - r.median())) for r in left]

# %%
draw.losses(slopes, squares, absolute)

# %% [markdown]
# They disagree, and not by a little. Most listings are cheap and a few are very expensive. An
# expensive villa with four bedrooms lies far above any line. Squares count that one distance so
# heavily that they turn the whole line up to meet it, and leave more than half of the listings
# below. Absolute values hardly care. In other words, least squares predicts the *mean* price, and
# least absolute values the *median* price, which is closer to a typical listing.

# %% tags=["nbval-check-output"]
answers["slope of least absolute values"] = slopes[np.argmin(absolute)]
answers["slope of least squares"] = slopes[np.argmin(squares)]
for name, dollars in answers.items():
    print(f"${dollars:.0f}  {name}")

# %% [markdown]
# So what? "The best line" does not mean anything until you say for which loss. The usual one is
# least squares, and we use it from here on, because it leads to the mean, and because it can be
# computed fast.
#
# ## Spark finds the line
#
# Trying 301 slopes was easy for one column. For two columns it would be 301 · 301 pairs. Spark's
# `LinearRegression` computes the best numbers directly. We tell it which column holds the
# *feature*, what we know, and which one the *label*, what we want to predict:

# %% tags=["nbval-check-output"]
from pyspark.errors import IllegalArgumentException
from pyspark.ml.regression import LinearRegression

try:
    LinearRegression(featuresCol="bedrooms", labelCol="price").fit(train)
except IllegalArgumentException as error:
    print(str(error).split(":struct")[0])

# %% [markdown]
# Spark refuses. It does not want a column of numbers, it wants a column of *vectors*. A model may
# have thousands of features, and Spark ML reads them all from one column, in which each row holds
# a list of numbers. `VectorAssembler` makes this column:

# %% tags=["nbval-check-output"]
from pyspark.ml.feature import VectorAssembler

assembler = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
assembler.transform(train).select("bedrooms", "features", "price").show(3)

# %% [markdown]
# `inputCols` is the list of columns to put together, here only one. `outputCol` names the new
# column; `features` is the name that `LinearRegression` looks for unless you tell it otherwise.
# In the output you see the same number twice: plain, and as a vector with one entry.
#
# Now the fit works:

# %% tags=["nbval-check-output"]
line = LinearRegression(labelCol="price").fit(assembler.transform(train))
slope, intercept = line.coefficients[0], line.intercept
print(f"price = {intercept:.2f} + {slope:.2f} · bedrooms")

# %% [markdown]
# The slope is where the squares had their minimum. The intercept is the line's price for a
# studio; compare it with the mean price of studios in the first picture, and remember it.
#
# Three kinds of objects took part in this fit, and all of Spark ML is made of them:
#
# ```mermaid
# flowchart LR
#     train["train:<br/>bedrooms, price"] --> assembler("VectorAssembler<br/>(transformer)")
#     assembler -->|transform| features["train:<br/>+ features"]
#     features --> estimator("LinearRegression<br/>(estimator)")
#     estimator -->|fit| model("LinearRegressionModel<br/>(transformer)")
#     test["test:<br/>+ features"] --> model
#     model -->|transform| scored["test:<br/>+ prediction"]
# ```
#
# - A **transformer** adds a column to a data frame by a rule that it already has. It learns
#   nothing. Its method is `transform`.
# - An **estimator** learns from a data frame. Its method is `fit`.
# - What `fit` returns is a **model**. It has learned its rule, so it is a transformer again, and
#   adds the column `prediction`.
#
# Here is the line that Spark found, with the same 30 listings as before.
#
# **Predict:** is its average miss smaller than that of the line by eye?

# %%
def fitted(bedrooms):
    return intercept + slope * bedrooms


draw.residuals(rows, fitted, "The line with the least squares")

# %% [markdown]
# Compare both measures with those under the line by eye. Spark's line has the smaller squares; it
# must, because that is what it minimizes. It need not have the smaller average miss. It also looks
# too high, with most of the dots below it. That is no error in the picture: it is the price of
# meeting the few expensive listings.
#
# ## How wrong is it?
#
# So far we have looked at rows that the line was fitted to. What counts is how it does on new
# ones. `transform` adds predictions to the test rows, and we take the two measures again, now by
# their names. With $n$ rows and residuals $e_i = y_i - \hat y_i$ (price minus prediction):
#
# $$\text{MAE} = \frac1n \sum |e_i| \qquad\qquad \text{RMSE} = \sqrt{\frac1n \sum e_i^2}$$
#
# MAE is the *mean absolute error*, RMSE the *root mean squared error*. In Spark, the residual is
# a column, `e`, and `agg` makes one row with the mean; `first()[0]` takes the number out of it:

# %% tags=["nbval-check-output"]
scored = line.transform(assembler.transform(test))
e = F.col("price") - F.col("prediction")
rmse = scored.agg(F.sqrt(F.avg(e**2))).first()[0]
mae = scored.agg(F.avg(F.abs(e))).first()[0]
print(f"MAE ${mae:.2f}, RMSE ${rmse:.2f}")

# %% [markdown]
# Both are in dollars. RMSE is the larger one, as always. The more of the error sits in a few
# large misses, the further they are apart.
#
# Is an RMSE of that size good or bad? You cannot know without something to compare it with.
#
# **Predict:** suppose you know nothing about a place, and must name the same price for each. You
# would say the mean of the prices you have seen. What is the RMSE of that?

# %% tags=["nbval-check-output"]
mean_price = train.agg(F.avg("price")).first()[0]
baseline = scored.agg(F.sqrt(F.avg((F.col("price") - mean_price) ** 2)))
print(f"Always ${mean_price:.2f}: RMSE ${baseline.first()[0]:.2f}")
print(f"The line is better by ${baseline.first()[0] - rmse:.2f}")

# %% [markdown]
# This is the *baseline*: a model has learned something if its RMSE is lower. *R²* (say "R
# squared") puts the comparison into one number. It is the share of the squared error that the
# model takes away from somebody who always predicts the mean $\bar y$ of these rows:
#
# $$R^2 = 1 - \frac{\sum e_i^2}{\sum (y_i - \bar y)^2}
# = 1 - \frac{\text{RMSE}^2}{\text{variance of the prices}}$$

# %% tags=["nbval-check-output"]
variance = scored.agg(F.var_pop("price")).first()[0]
share = 1 - rmse**2 / variance
print(f"R² = {share:.3f}: {share:.0%} of the mean's squared error is gone")

# %% [markdown]
# The rest of it, the line cannot explain. Now that you know what is inside, let Spark do it. A
# `RegressionEvaluator` is told which column is the label, and which of the measures we want; it
# finds the predictions by their usual name.

# %% tags=["nbval-check-output"]
from pyspark.ml.evaluation import RegressionEvaluator

for name in ("mae", "rmse", "r2"):
    evaluator = RegressionEvaluator(labelCol="price", metricName=name)
    print(f"{name:4}  {evaluator.evaluate(scored):8.3f}")

# %% [markdown]
# These are the numbers that we computed by hand. Which values can R² take?
#
# **Predict:** what is the R² of a perfect model? Of the mean? Of somebody who predicts that every
# place is free? Can it be below zero?

# %%
guesses = {
    "the price itself": F.col("price"),
    "our line": F.col("prediction"),
    "the mean of the test prices": F.lit(scored.agg(F.avg("price")).first()[0]),
    "every place is free": F.lit(0.0),
}

# %% tags=["nbval-check-output"]
r2 = RegressionEvaluator(metricName="r2", labelCol="price",
                         predictionCol="guess")
for name, guess in guesses.items():
    print(f"{r2.evaluate(scored.withColumn('guess', guess)):6.3f}  {name}")

# %% [markdown]
# One is the best, and only a perfect model gets it. Zero means no better than the mean. There is
# no lower end: a model that is worse than the mean has a negative R². Its name comes from the rows
# that a least-squares line was fitted to: there it is the square of the correlation of price and
# prediction. On new rows it is the square of nothing.
#
# **Exercise 2.** Put the *median* of the training prices in the place of `mean_price`:
# `train.agg(F.median("price")).first()[0]`. Which gets better, the baseline's RMSE or its MAE?
# (For the MAE, write `F.abs(…)` instead of `(…) ** 2`, and leave out `F.sqrt`.)
#
# <details><summary>Answer</summary>
#
# The MAE gets better and the RMSE worse. It is the story of the two slopes once more: of all
# single numbers the mean has the least squares, and the median the least absolute values. A
# baseline is fair only if it is the best guess for the measure that you use.
# </details>
#
# ## More columns, another answer
#
# A place is more than its bedrooms. With more columns the formula becomes longer, but stays as
# simple: price = intercept + a · guests + b · bedrooms + c · bathrooms and so on, with one
# *coefficient* for each column.
#
# **Predict:** the line gave each bedroom the slope that you have seen. When the model also knows
# how many guests a place takes, will the coefficient of `bedrooms` go up, go down or stay?

# %%
SIX = ["accommodates", "bedrooms", "bathrooms", "minimum_nights",
       "number_of_reviews", "review_scores_rating"]
six = VectorAssembler(inputCols=SIX, outputCol="features")
model = LinearRegression(labelCol="price").fit(six.transform(train))

# %% tags=["nbval-check-output"]
dollars = dict(zip(SIX, model.coefficients, strict=True))
for column, coefficient in dollars.items():
    print(f"{coefficient:8.2f}  {column}")

# %% [markdown]
# The code is the same as before; only the list of columns is longer. `coefficients` has one
# number for each column, in the order of the list.
#
# The coefficient of `bedrooms` has changed a lot. A coefficient answers the question: what
# changes if this column goes up by one **and all others in the model stay as they are**? In the
# first model there were no others. A place with one more bedroom there was usually a place for
# more guests, too, and the slope was for both together. We can put the two together again:

# %% tags=["nbval-check-output"]
answers["bedrooms in a model of six columns"] = dollars["bedrooms"]
both = dollars["bedrooms"] + 2 * dollars["accommodates"]
print(f"A bedroom and nothing else: ${dollars['bedrooms']:.2f}")
print(f"A bedroom and room for two more guests: ${both:.2f}")

# %% [markdown]
# So which one is for Ada? If she makes her study a bedroom and puts a double bed in, the second.
# If she will still not take more than four people, the first. Neither is wrong. They answer
# different questions, and a coefficient does not tell you which; the list of columns does.
#
# ## Does it hold for new rows?
#
# A model has seen the prices of its training rows. It could have learned them by heart.
#
# **Predict:** we fit the same six columns to 30 listings, and then to more and more. On which
# rows is the error smaller, those the model has learned from or new ones? What happens to the
# difference?

# %%
evaluator = RegressionEvaluator(labelCol="price", metricName="rmse")


def errors(known):
    model = LinearRegression(labelCol="price").fit(six.transform(known))
    return [evaluator.evaluate(model.transform(six.transform(rows)))
            for rows in (known, test)]


# %% [markdown]
# `errors` fits to the rows that it is given, and returns the RMSE on those and on the test rows.
# For a small set that is the same in each run, we put the rows in an order that has nothing to do
# with price, a hash of the place's position, and take the first.

# %%
shuffled = train.orderBy(F.hash("latitude", "longitude"))
curve = {n: errors(shuffled.limit(n)) for n in (30, 100, 300, 1000)}
curve[train.count()] = errors(train)
draw.learning_curve(curve)

# %% [markdown]
# With 30 rows and seven numbers to choose (six coefficients and the intercept), the model follows
# what is peculiar to those 30, and new rows pay for it. That is *overfitting*. How much do they
# pay? Look at the dashed line alone: what it loses from left to right is the price of having too
# few rows. (Do not read that price from the gap between the lines. A few dozen listings may hold
# hardly any of the expensive places that every line misses, and then they are easier than the rest,
# whatever was learned from them.) With all rows the two errors are nearly equal. What remains is
# what six columns cannot know.
#
# So what? Report the error on new rows, always. And when both errors are equal and still too
# high, more rows will not help: you need better columns, or another kind of model.
#
# ## When can you believe a coefficient?
#
# Spark gives you a line through any cloud of dots, even where there is no line in it. For a
# prediction you can simply measure how wrong it is. For a coefficient you can't, as nobody knows
# the right one. What you get is a *standard error*: how far the coefficient would typically move
# if chance had given you other listings. That number rests on four assumptions, and all four are
# about the residuals. Let us try them on the line.

# %%
names = ["bedrooms", "neighbourhood_cleansed", "latitude", "longitude"]
seen = line.transform(assembler.transform(train))
seen = seen.select(*names, "price", "prediction").toPandas()
seen["residual"] = seen["price"] - seen["prediction"]

# %% [markdown]
# (Again a few thousand rows and six columns. Of a large table, a sample of some thousand rows
# would show the same.)
#
# ### 1. Linearity
#
# If prices follow a line, the mean price at each number of bedrooms lies on it.
#
# **Predict:** where is the line most wrong?

# %%
draw.means_and_line(seen)

# %% [markdown]
# The means make a curve: the line is too low at both ends. For large places it is a matter of
# hundreds of dollars. For studios the line predicts less than half of what they really cost.
#
# The test that goes with this picture is called *lack of fit*. It compares how far the means are
# from the line with how far single listings are from their mean. The ratio F is about 1 if the
# line is right, and large if it is not.

# %% tags=["nbval-check-output"]
print(f"F = {draw.lack_of_fit(seen):.1f}")

# %% [markdown]
# A large F like this one says what the picture says: this is not a line.
#
# <details><summary>How F is computed</summary>
#
# The mean residual of a group is the distance of its mean from the line. Square it for each
# listing, add up, and divide by k − 2, where k is the number of groups and 2 the number of
# coefficients of the line. Then do the same with the distance of each listing from the mean of its
# group, and divide by n − k. F is the first number divided by the second. (To turn F into a
# probability one assumes that all groups scatter equally, which assumption 4 will deny.)
# </details>
#
# ### 2. Independence
#
# The residual of one listing should say nothing about that of the next. But listings have
# neighbors. On this map each circle is a neighborhood, larger for more listings. Its color is the
# mean residual: how far prices there lie above or below the line. A thick edge marks a mean that is
# more than two standard errors from zero.
#
# **Predict:** if residuals were independent, how many of the circles would have a thick edge?

# %%
draw.neighborhoods(seen)

# %% [markdown]
# One or two of them: by chance, one mean in 20 is that far from zero. The sentence below the map
# counts them. And here the expensive neighborhoods are next to one another, and so are the cheap
# ones; chance does not know where a place is.
#
# For residuals in a row there is a test. It was made for rows in the order of time, and compares
# each residual with the one before. The *Durbin–Watson* number is 2 if they have nothing in common
# and falls toward 0 as they become alike. Places have no order, so `draw.durbin_watson` makes one
# in which neighbors follow each other: by neighborhood, and there by latitude. (*Moran's I* is the
# number made for maps.)

# %% tags=["nbval-check-output"]
dw = draw.durbin_watson(seen)
print(f"Durbin–Watson {dw:.2f}: correlation of neighbors {1 - dw / 2:.2f}")

# %% [markdown]
# That looks small, and the map looked striking. Both are right. What two neighbors share is
# little beside what makes each of them special. But in a neighborhood hundreds of listings share
# it, and there it adds up. So our listings hold less information than as many independent ones
# would, and the standard errors that Spark computes are too small, above all for columns that
# change from neighborhood to neighborhood.
#
# ### 3. Normality
#
# The residuals should follow a bell curve. A *Q–Q plot* sorts them and sets each against the
# place where a bell curve would have it. If they do follow one, the dots lie on the straight line.

# %%
draw.bell_curve(seen)

# %% [markdown]
# There is a long tail on the right: places that are far more expensive than the line predicts.
# There is no such tail on the left, because nobody asks less than nothing. Two numbers measure it:

# %% tags=["nbval-check-output"]
from scipy import stats

print(f"Skewness {stats.skew(seen['residual']):.2f} (a bell curve has 0)")
print(f"Jarque–Bera p = {stats.jarque_bera(seen['residual']).pvalue:.1g}")

# %% [markdown]
# *Skewness* compares the two tails: it is positive if the right one is longer. The *Jarque–Bera*
# test looks at skewness and at the weight of both tails. Its p is the probability of values like
# these if the residuals do follow a bell curve; a p of 0 is too small for the computer to write.
#
# How bad is it? For coefficients not very, because with thousands of rows their errors follow a
# bell curve even if the residuals don't. It matters when you want to say "this price will lie
# between 100 and 300 dollars".
#
# ### 4. Equal spread
#
# The residuals should scatter equally everywhere. The word for it is *homoscedasticity*. Each bar
# holds the middle 80 % of the residuals at one predicted price.

# %%
draw.fan(seen)

# %% [markdown]
# The bars open like a fan: low predictions miss by little, high ones by much. (The last bars rest
# on few listings, so their length is a rough guess.) The *rank
# correlation* of the prediction and the size of the residual says it in one number. It is 0 if
# they have nothing to do with each other, and 1 if the size grows with every prediction.

# %% tags=["nbval-check-output"]
spread = stats.spearmanr(seen["prediction"], seen["residual"].abs())
print(f"Rank correlation of prediction and size of residual "
      f"{spread.statistic:.2f} (p = {spread.pvalue:.1g})")

# %% [markdown]
# With thousands of rows a p below 0.05 comes easily, because so many rows show even the smallest
# effect. Look first at how large the number is, and at the picture.
#
# So what? None of the four holds, so the standard errors of this line would not be worth much, and
# we have not even printed them. But the four pictures also say what to do next.
#
# ## The logarithm
#
# Prices work in percent. A place that is ten percent better asks for 10 dollars more if it is a
# cheap one, and for 100 dollars more if it is a villa. That makes the fan and the long tail. The
# logarithm turns percent into steps of equal size. So we predict log(price) instead of price.
#
# **Predict:** which of the four assumptions will this help? Which one can't it help?

# %%
logs = assembler.transform(train).withColumn("log_price", F.log("price"))
log_line = LinearRegression(labelCol="log_price").fit(logs)
seen_logs = log_line.transform(logs).select(*names, "log_price", "prediction")
seen_logs = seen_logs.toPandas()
seen_logs["residual"] = seen_logs["log_price"] - seen_logs["prediction"]

# %% [markdown]
# `F.log` makes the new label, and the rest is as before. Now the four numbers from above, for
# both models, each with the value that it would have if the assumption held:

# %% tags=["nbval-check-output"]
both = {"price": seen, "log(price)": seen_logs}
print(draw.four_numbers(both).round(2).to_string())

# %% [markdown]
# Skewness and spread are what the logarithm is for, and both are much closer to 0 now. It does
# nothing for independence: the model still does not know where a place is.
#
# Linearity is the surprise. F has fallen, but it is still far from 1. If each bedroom multiplied
# the price by the same factor, the logarithm would make that a line. So something else must be
# going on, and you saw it in the first picture: the first bedroom is worth next to nothing.
#
# ## The mystery of the first bedroom
#
# Why would anybody give a whole bedroom away?
#
# **Predict:** what else could be different between studios and one-bedroom listings?

# %%
first = train.filter("bedrooms <= 1").groupBy("bedrooms", "room_type")
first = first.agg(F.count("*").alias("listings"),
                  F.avg("price").alias("mean_price"))
draw.first_bedroom(first.toPandas())

# %% [markdown]
# Nobody does. `room_type` says what is let: an entire home, a private room in somebody's flat, or
# a bed in a shared room. Most studios are entire homes. Of the listings with one bedroom, more
# than half are just a room in the flat of a stranger, which is much cheaper. So from left to
# right two things change at once. Among entire homes alone, the bedroom has a price. But the
# mixture of room types changes as well, and takes that gain away again.
#
# Our line knew only bedrooms, so it charged the bedroom for the company of strangers. This is
# called *omitted variable bias*: a column that matters is not in the model, and goes up and down
# with one that is. More rows do not help against it. Only the missing column does.
#
# ## Coefficients and the truth
#
# How far from the truth can that lead? Usually nobody can say. Here we can: this course generates
# its listings, and log(price) is a sum of column times coefficient, plus noise. `get_truth` tells
# us the coefficients. (If you use a real file, there is no truth to know. Then a fit to the test
# rows takes its place: another sample from the same city.)
#
# We fit log(price) twice. First with eight columns of numbers. Then room type and superhost join
# them, as *flags*: columns that are 1 where something is true, and 0 elsewhere. Lesson 07 makes
# flags in a better way.

# %%
EIGHT = [*SIX, "review_scores_location", "review_scores_rating_na"]
FLAGS = {"private": "room_type = 'Private room'",
         "shared": "room_type = 'Shared room'",
         "superhost": "host_is_superhost = 't'"}


def fit_logs(rows, columns):
    flags = {name: F.expr(rule).cast("double") for name, rule in FLAGS.items()}
    rows = rows.withColumns({"log_price": F.log("price"), **flags})
    vectors = VectorAssembler(inputCols=columns, outputCol="features")
    return LinearRegression(labelCol="log_price").fit(vectors.transform(rows))


# %% [markdown]
# `F.expr` reads each rule as SQL, and `cast("double")` makes true 1.0 and false 0.0.
# (`review_scores_rating_na` is such a flag that was there already: 1 where the rating was missing
# and has been filled in.)
#
# **Predict:** private rooms are cheap, and shared rooms even cheaper. When the model may finally
# know that, which coefficient will move most?

# %% tags=["nbval-check-output"]
from course_utils import get_truth

without = fit_logs(train, EIGHT)
full = fit_logs(train, [*EIGHT, *FLAGS])
truth = get_truth("listings")
yardstick = truth or fit_logs(test, [*EIGHT, *FLAGS])
table = draw.compare_with_truth(EIGHT, without, full, yardstick)

# %% [markdown]
# `draw.compare_with_truth` puts the coefficients side by side, and returns the table. The third
# column comes from the `summary` of the fit, in which Spark keeps the standard errors. We take two
# of them: by chance alone, a coefficient is further off than that only once in 20 times.
#
# Compare the first two columns of numbers with the last. Guests and bathrooms have wrong
# coefficients without the flags, and nearly right ones with them. What do guests and bathrooms
# have to do with room types? We can look:

# %% tags=["nbval-check-output"]
kinds = train.groupBy("room_type").agg(F.count("*").alias("listings"),
    F.round(F.avg("bathrooms"), 2).alias("bathrooms"),
    F.round(F.avg("accommodates"), 2).alias("guests"))
kinds.orderBy("room_type").show()

# %% [markdown]
# A bed in a shared room comes with all the bathrooms of the house, and is cheap. A model that
# does not know about shared rooms concludes that bathrooms are worth little. And entire homes
# take more guests than private rooms do, so without the flags each guest is paid for the privacy,
# too.
#
# How close did we get? The last line under the table counts the coefficients that are within two
# standard errors. The error of all predictions tells it in one number:

# %% tags=["nbval-check-output"]
for name, fit in {"without": without, "with": full}.items():
    error = fit.summary.rootMeanSquaredError
    print(f"RMSE of log(price) {name} flags: {error:.3f}")
print("RMSE of the best possible model:", truth.sigma if truth else "unknown")

# %% [markdown]
# A standard error knows about chance only. It knows nothing of the columns that are missing, and
# the neighborhoods still are. That is why a coefficient can lie outside of two standard errors
# more often than one time in 20, and why the error is still above that of the best possible
# model.
#
# Now Ada's last answer. In a model of logarithms a coefficient $b$ multiplies the price by $e^b$
# for each step:

# %% tags=["nbval-check-output"]
room, by = table.loc["bedrooms", ["with flags", "± 2 s.e."]]
factor = np.exp(room)
answers["two-bedroom mean, in percent for a bedroom"] = (factor - 1) * means[2]
print(f"One more bedroom, all else equal: {factor - 1:+.1%}")
for name, value in sorted(answers.items(), key=lambda item: item[1]):
    print(f"${value:6.2f}  {name}")

# %% [markdown]
# The first two are nearly the same. Was all that work since the line of six columns for nothing?
#
# **Predict:** the model in dollars adds about $60 for any bedroom. What does the one in percent say
# to a studio, and to somebody with three bedrooms?

# %% tags=["nbval-check-output"]
for rooms in (0, 2, 3):
    print(f"Bedroom {rooms + 1}, on top of ${means[rooms]:.0f}: "
          f"${(factor - 1) * means[rooms]:.0f} more")

# %% [markdown]
# The two meet at Ada's flat by chance. For a studio and for a large place they differ a lot, and
# there the curve of the means was on the side of percent.
#
# The answer in percent also comes with a standard error. If two more guests move in with the
# bedroom, the same table has their coefficient. And the last column is what we have been waiting
# for:

# %% tags=["nbval-check-output"]
low, high = (np.exp([room - by, room + by]) - 1) * means[2]
due = (np.exp(table.iloc[:, -1]["bedrooms"]) - 1) * means[2]
crowd = np.exp(room + 2 * table.loc["accommodates", "with flags"]) - 1
print(f"A bedroom, nothing else:  ${low:.0f} to ${high:.0f}; "
      f"{table.columns[-1]}: ${due:.0f}")
print(f"A bedroom and two guests: ${crowd * means[2]:.0f}")

# %% [markdown]
# Five answers to one question. The two from models with many columns are for a bedroom and
# nothing else. The other three are for a bedroom and all that usually comes with it. So Ada must
# first decide whether she will take more guests. If not, she should believe the model in percent:
# of all models here, it is the only one that compares places of the same room type, for the same
# number of guests, with as many bathrooms. Its two standard errors are a little too narrow, since
# neighbors share what it does not know. In the place of the mean of all places with two bedrooms
# she puts her own price. And if she buys a bed for two, the same model has that answer as well.
#
# **Exercise 3.** Write `EIGHT.remove("accommodates")` below the line `EIGHT = …`, and run the cells
# from there to the table again. Which coefficient goes up, and why?
#
# <details><summary>Answer</summary>
#
# That of `bedrooms`. It takes over what belongs to the guests, because large places have both.
# The prediction hardly gets worse, but the coefficient now answers another question: what is a
# bedroom worth together with the guests that it brings?
# </details>
#
# ## How Spark solves it
#
# How did Spark find the least squares without trying? For one column there is a formula: the
# slope is the covariance of bedrooms and price divided by the variance of the bedrooms. Both are
# made of sums, and sums are what Spark is good at:
#
# ```mermaid
# flowchart LR
#     p1["partition 1<br/>1,000,000 rows"] --> s1["its sums"]
#     p2["partition 2<br/>1,000,000 rows"] --> s2["its sums"]
#     p3["partition 3<br/>1,000,000 rows"] --> s3["its sums"]
#     s1 --> driver("driver:<br/>adds the sums,<br/>solves")
#     s2 --> driver
#     s3 --> driver
#     driver --> slope["slope,<br/>intercept"]
# ```
#
# Each partition is read once, where it is, and only its sums travel to the driver. However many
# rows there are, the message has the same size. We can do it by hand:

# %% tags=["nbval-check-output"]
sums = train.agg(F.covar_pop("bedrooms", "price"), F.var_pop("bedrooms"))
covariance, variance = sums.first()
print(f"by hand {covariance / variance:.6f}, LinearRegression {slope:.6f}")

# %% [markdown]
# For $d$ columns the sums make a table of $d × d$ numbers, and the formula is called the *normal
# equation*. It has one weakness. For 10 columns the table has 100 numbers, for 10,000 columns it
# has 100 million, and the driver must hold and solve it. For wide data there is another way:
# *L-BFGS* starts anywhere and walks downhill, step by step, with a pass over the rows for each
# step and no table. Spark takes the normal equation for up to 4,096 columns, and L-BFGS above.
#
# **Predict:** do both find the same coefficients?

# %% tags=["nbval-check-output"]
for solver in ("normal", "l-bfgs"):
    regression = LinearRegression(labelCol="price", solver=solver)
    fit = regression.fit(six.transform(train))
    print(f"{solver:7} {fit.summary.totalIterations:3} steps, "
          f"${fit.coefficients[1]:.4f} per bedroom")

# %% [markdown]
# They meet at the same place: least squares has only one lowest point. The normal equation needed
# no steps, and a single pass over the rows. With data on a hundred machines, each further pass
# takes time, so Spark prefers the formula while the table is small.
#
# ## Three libraries, one line
#
# You now have three ways to fit a line, and you should know what each is for:
#
# - **scikit-learn** holds all rows in the memory of one machine.
# - **spark.ml**, which we have used, holds them in partitions on any number of machines.
# - **spark.mllib** is Spark's older library, on RDDs. It has no formula, and walks downhill. It
#   is in *maintenance mode*: bugs are fixed, but nothing is added.
#
# We let them race. Each gets the same made-up rows in its own form, in memory, before the clock
# starts.

# %%
from sklearn.linear_model import LinearRegression as ScikitRegression

pair = VectorAssembler(inputCols=["a", "b"], outputCol="features")


def made_up(n):
    rows = spark.range(n).selectExpr("randn(1) a", "randn(2) b", "randn(3) e")
    return rows.selectExpr("a", "b", "3 * a - 2 * b + e AS label")


# %%
def scikit(n):
    local = made_up(n).toPandas()  # at most a million rows: 24 MB
    return lambda: ScikitRegression().fit(local[["a", "b"]], local["label"])


def spark_ml(n):
    vectors = pair.transform(made_up(n)).cache()
    vectors.count()  # fills the cache
    return lambda: LinearRegression().fit(vectors)


# %% [markdown]
# Each function prepares its rows and returns the fit, ready to be timed. The third one needs a
# form of its own, `LabeledPoint`, and a warning has to be silenced: the class is deprecated.

# %%
import warnings

from pyspark.mllib.regression import LabeledPoint, LinearRegressionWithSGD

warnings.filterwarnings("ignore", module="pyspark.mllib")

# %% [markdown]
# `initialWeights` says where the walk downhill starts, at zero. (Without it, the library would look
# at a row first, to count the columns.)

# %%
def spark_mllib(n):
    rdd = made_up(n).rdd
    points = rdd.map(lambda row: LabeledPoint(row[2], row[:2])).cache()
    points.count()
    return lambda: LinearRegressionWithSGD.train(
        points, iterations=10, initialWeights=[0.0, 0.0])


# %% [markdown]
# **Predict:** who is first with 1,000 rows, and who with 1,000,000?
#
# `measure` runs a fit several times, after a first run that is not counted. The old library stops
# at 1,000 rows and gets three runs instead of five, so that we need not wait for it.

# %%
from course_utils import measure

times = {}
for n in (1_000, 10_000, 100_000, 1_000_000):
    for name, prepare in {"scikit-learn": scikit, "spark.ml": spark_ml}.items():
        fit = prepare(n)
        fit()
        times[name, n] = measure(fit, repeats=5)

# %%
fit = spark_mllib(1_000)
fit()
times["spark.mllib", 1_000] = measure(fit, repeats=3)

# %% [markdown]
# All times, and their picture:

# %%
for (name, n), timing in times.items():
    print(f"{n:9,} rows  {name:12}  {timing}")
draw.race(times)

# %% [markdown]
# The dots are medians, and the bars go from the fastest run to the slowest. These are times of one
# machine; yours are in your own copy of this notebook.
#
# The old library is far behind, and it is not the descent that takes so long. Before each fit it
# looks at the first row of its RDD, which is made of Python objects, and a new Python process has
# to start for that. spark.ml reads columns and needs no Python.
#
# Look at spark.ml's curve. On the left it is nearly flat: a thousand rows take about as long as ten
# thousand. That is the fixed cost of a Spark job, for planning it, sending out tasks and collecting
# results. On the right it rises with the rows, as scikit-learn's curve does. More rows make the gap
# smaller, because the fixed cost matters less and less. But they can't close it on this machine, as
# each further row costs Spark more than scikit-learn. scikit-learn works on one block of numbers in
# memory; Spark takes row after row out of a data frame, which could lie on a hundred machines.
#
# So where does Spark win? Where scikit-learn cannot start. It needs all rows at once, and while
# it works, it makes copies of them:

# %%
import psutil

per_row = draw.peak_memory(scikit(100_000)) / 100_000
free = psutil.virtual_memory().available
full_at = free / (per_row + 24) / 1e6
print(f"A row of two numbers and a label has 24 bytes, and scikit-learn "
      f"takes {per_row:.0f} more.")
print(f"The {free / 2**30:.0f} GB that are free here would be full at "
      f"{full_at:,.0f} million rows, or {full_at / 100:,.1f} with 200 columns.")

# %% [markdown]
# Spark keeps a partition at a time and a small table of sums. When rows no longer fit, it goes on
# reading them from disk; when that takes too long, you give it more machines and it goes faster.
# scikit-learn's `LinearRegression` can do neither. (Its `SGDRegressor` can learn from one part of
# the rows after another, on one machine.)
#
# So what? If the rows fit in the memory of one machine, use scikit-learn. If they don't, use
# spark.ml. Use spark.mllib only to read old code.
#
# ## On Databricks
#
# > - The code of this lesson is the same there. A notebook already has `spark`, so you leave out
# >   `get_spark`, and read a table by its name: `spark.table("catalog.schema.listings")`.
# > - `pyspark.ml` runs on all kinds of compute: on *dedicated* access mode as here, on *standard*
# >   access mode from Databricks Runtime 17.0, on *serverless* from environment version 4. On
# >   serverless a model may have at most 100 MB, far more than a linear regression needs.
# > - `pyspark.mllib` and RDDs do not work on standard and serverless compute, only on dedicated.
# > - With Databricks Runtime ML, each `fit` in a notebook is logged to MLflow without a line of
# >   code (*autologging*). On serverless compute you call `mlflow.autolog()` first. Lesson 08
# >   does this.
#
# ## What you know now
#
# - A line is chosen by a loss. Least squares goes to the mean and follows extremes; least absolute
#   values goes to the median.
# - MAE and RMSE are misses in dollars. R² is the gain over the mean: at most 1, with no lower end.
#   All three count on new rows, and next to a baseline.
# - A coefficient holds the other columns of its model still, and no others. A missing column can
#   bend it, and no standard error will tell.
# - Four assumptions stand behind a standard error: linearity, independence, normality, equal
#   spread. Each has a picture and a number.
# - Estimators have `fit` and return models; models and other transformers have `transform`.
# - Spark solves the normal equation from sums, in one pass, and takes L-BFGS for wide data.
#
# **Check yourself:** a colleague's model has R² 0.3 on its training rows and −0.1 on new ones.
# What happened, and which simple guess beats the model?
#
# <details><summary>Answer</summary>
#
# Most likely it overfits: it has followed what is peculiar to its training rows, and on new rows
# that costs more than it gains. The mean beats it. The mean of the new prices themselves has R² 0
# by definition. Nobody knows it beforehand, but the mean of the training prices is nearly as good:
# in our city its R² on the test rows is −0.0005.
# </details>
#
# **Exam:** when to use linear regression; estimators and transformers of Spark ML; RMSE, MAE and
# R²; how Spark distributes a linear regression; spark.ml and scikit-learn compared.
#
# **Next:** the lab, in which you fit, judge and explain a model of your own. Then lesson 07 turns
# categories such as the neighborhood into numbers, and predicts prices with the logarithm.
