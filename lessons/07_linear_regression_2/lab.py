# %% [markdown]
# # 07 · Linear regression II, lab
#
# **The question of this lab:** does a model of log(price) predict better than a model of the price,
# when both are judged in dollars?
#
# - **Time:** 25 minutes
# - **Before you start:** the demo of lesson 07
# - **Data:** `listings`, split into training and test rows as in the demo
#
# **The tools you need, and where they were shown**
#
# - `RFormula` and its `handleInvalid`, `Pipeline`, Duan's smearing factor: lesson 07
# - `LinearRegression`, `RegressionEvaluator`, RMSE, MAE and R²: lesson 06
# - `withColumn`, `withColumnRenamed`, `F.exp`, `F.log`, and why Spark is lazy: lesson 01
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

# %%
from pyspark.ml import Pipeline
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import RFormula
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load_split, open_lab

spark = get_spark("07_linear_regression_2_lab")
lab = open_lab("07")

# %% [markdown]
# Both models learn from the training rows and are judged on the test rows.

# %% tags=["nbval-check-output"]
train, test = load_split("listings")
print(f"{train.count():,} training rows, {test.count():,} test rows, {len(train.columns)} columns")

# %% [markdown]
# ## Question 1 · A kind of place that nobody has seen
#
# The city has allowed yurts, and overnight some hosts have put one up. In `arrivals`, a tenth of
# the test listings have become yurts. Among the training rows there is none.

# %%
yurt = F.pmod(F.hash("longitude"), F.lit(10)) == 0
kind = F.when(yurt, "Yurt").otherwise(F.col("property_type"))
arrivals = test.withColumn("property_type", kind)

# %% [markdown]
# Fit the formula `price ~ property_type` to the training rows, then let it transform `arrivals`.
# Its vector column `features` needs a number for every kind of place. What happens to a yurt
# depends on `handleInvalid`, which can be `"error"`, `"skip"` or `"keep"`.
#
# Make `came_out`, a dict with one entry for each of the three settings. Its value is the number of
# arrivals that got features, or `None` if computing the features ends in an error.
#
# Then choose a setting for each of two tasks:
#
# - `price_list`: every arrival gets a price tonight, however rough
# - `quality_gate`: the nightly job must fail when it meets a kind that the model has never seen
#
# **Predict** first: one of the three settings does harm that nobody notices. Which one?

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: {setting: rows with features, or None}, and two choices.
### STUB came_out = ...
### STUB price_list = ...
### STUB quality_gate = ...
### BEGIN SOLUTION
def rows_with_features(setting):
    formula = RFormula(formula="price ~ property_type", handleInvalid=setting).fit(train)
    try:
        return len(formula.transform(arrivals).select("features").collect())
    except Exception:
        return None


came_out = {setting: rows_with_features(setting) for setting in ("error", "skip", "keep")}
price_list, quality_gate = "keep", "error"
print(came_out)
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · The plain pipeline
#
# Make `plain`, a fitted pipeline of two stages, `RFormula` and `LinearRegression`. It predicts the
# `price` from **all** other columns and learns from the training rows. It must be able to score
# rows with categories that it has never seen. The regression has no penalty yet.

# %% answer="q2"
# TODO q2: a fitted pipeline.
### STUB plain = ...
### BEGIN SOLUTION
formula = RFormula(formula="price ~ .", handleInvalid="keep")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(train)
print(f"{plain.stages[-1].numFeatures} columns after encoding")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · The pipeline of the logarithm
#
# Make `log_model`, the same for the natural logarithm of the price, again from all other columns.
# `RFormula` takes no logarithm itself, so its label has to be a column that you add. Think twice
# about what the dot in the formula stands for now.

# %% answer="q3"
# TODO q3: a fitted pipeline that predicts log(price).
### STUB log_model = ...
### BEGIN SOLUTION
log_train = train.withColumn("log_price", F.log("price"))
formula = RFormula(formula="log_price ~ . - price", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(log_train)
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · Side by side, in dollars
#
# Now put both models beside the true price. Make `scored`, a frame with one row for each test
# listing and these columns:
#
# - `price`: what the listing costs
# - `plain`: what `plain` predicts
# - `dollars`: what `log_model` predicts, in dollars
#
# There are two difficulties. Listings have no key to join by, and both models write columns of the
# same names.

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: price, plain and dollars for each test listing.
### STUB scored = ...
### BEGIN SOLUTION
first = plain.transform(test).withColumnRenamed("prediction", "plain").drop("features", "label")
scored = log_model.transform(first).select("price", "plain", F.exp("prediction").alias("dollars"))
scored.cache()  # q5 needs it nine times
print(
    f"{scored.count():,} rows; below zero: {scored.filter('plain < 0').count()} prices of the "
    f"plain model, {scored.filter('dollars < 0').count()} of the other"
)
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Which is better?
#
# - `smearing`: Duan's factor for `log_model`, the mean of exp(residual) over the **training** rows.
#   A residual is log(price) minus the prediction.
# - `scores`: a dict with the keys `"plain"`, `"log"` and `"smeared"`, where smeared means `dollars`
#   times `smearing`. Each value is a dict with `"rmse"`, `"mae"` and `"r2"` over the rows of
#   `scored`, in dollars.
# - `best`: which of the three wins by which metric, for example
#   `{"rmse": "plain", "mae": "plain", "r2": "log"}`
#
# These scores are a report about three finished models. To *choose* one of them, you would use
# validation rows, as in the demo.
#
# **Predict** first: will the same model be best by all three metrics?

# %% answer="q5"
# TODO q5: a factor, nine scores, three winners.
### STUB smearing = ...
### STUB scores = ...
### STUB best = ...
### BEGIN SOLUTION
residual = F.log("price") - F.col("prediction")
smearing = log_model.transform(train).agg(F.avg(F.exp(residual))).first()[0]
guesses = {"plain": F.col("plain"), "log": F.col("dollars"), "smeared": F.col("dollars") * smearing}
scores = {name: {} for name in guesses}
for name, guess in guesses.items():
    rows = scored.withColumn("prediction", guess)
    for metric in ("rmse", "mae", "r2"):
        evaluator = RegressionEvaluator(labelCol="price", metricName=metric)
        scores[name][metric] = evaluator.evaluate(rows)
best = {metric: min(scores, key=lambda name: scores[name][metric]) for metric in ("rmse", "mae")}
best["r2"] = max(scores, key=lambda name: scores[name]["r2"])
print({name: {m: round(v, 2) for m, v in row.items()} for name, row in scores.items()}, best)
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Where you stand

# %%
lab.summary()

# %% [markdown]
# ## What you know now
#
# - `skip` loses rows and says nothing, `keep` gives a price to what it does not know, and `error`
#   stops the job, but only once the features are computed.
# - A pipeline carries everything that was learned, and all of it comes from the training rows.
# - A model of log(price) can be compared only after `exp`, row by row with the other one.
# - A model is better *by a metric*: `exp` alone gives a median, which suits MAE; smearing makes it
#   a mean, which suits RMSE.
#
# **Check yourself:** how would `scores` change if all prices below 10 dollars that the plain model
# predicts were set to 10? Try it.
#
# **Exam:** one-hot encoding and a training pipeline in Spark ML; regression metrics; predictions of
# a logarithm are exponentiated before they are evaluated
#
# **Next:** the quiz below, which ends the first part of the course.

# %%
ask_quiz("07")
