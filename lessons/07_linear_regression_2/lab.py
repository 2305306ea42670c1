# %% [markdown]
# # 07 · Linear regression II, lab
#
# **The question of this lab:** does a model of log(price) beat one of the price, when both are
# judged in dollars?
#
# - **Time:** 25 minutes
# - **You will:** decide what happens to a category that nobody has seen; build two pipelines with
#   RFormula; bring both into dollars, row by row; say which is better, and by which metric
# - **Before you start:** the demo of lesson 07
# - **Data:** `listings`, split as in the demo
# - **Exam:** 2025-25, 2025-31, 2025-39, 2025-41; earlier guide S2, S3
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again.

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
# Both models learn from the training rows and are judged by the test rows.

# %% tags=["nbval-check-output"]
train, test = load_split("listings")
print(f"{train.count():,} training rows, {test.count():,} test rows, {len(train.columns)} columns")

# %% [markdown]
# ## Question 1 · A kind of place that nobody has seen
#
# The city has allowed yurts. In `arrivals`, some of the test listings have become one; no training
# row is.

# %%
yurt = F.pmod(F.hash("longitude"), F.lit(10)) == 0
kind = F.when(yurt, "Yurt").otherwise(F.col("property_type"))
arrivals = test.withColumn("property_type", kind)

# %% [markdown]
# The formula `price ~ property_type` learns from the training rows and then meets `arrivals`. Make
# `came_out`, a dict with one key for each setting of `handleInvalid`: `"error"`, `"skip"` and
# `"keep"`. Its values are the numbers of arrivals for which the formula made features, or `None`
# where making them ends in an error.
#
# Then choose a setting for two tasks:
#
# - `price_list`: every arrival gets a price tonight, however rough
# - `quality_gate`: the nightly job must fail when there is a kind that the model never saw
#
# **Predict** first: one of the three settings does its harm without a word. Which?

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
# Make `plain`, a fitted pipeline of two stages, `RFormula` and `LinearRegression`: the `price` by
# **all** other columns of the training rows. It must be able to score rows with categories that it
# never saw. No penalty yet.

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
# Make `log_model`, the same for the natural logarithm of the price, again by all other columns.
# RFormula takes no logarithm itself: its label has to be a column. Look twice at what the dot
# stands for.

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
# Make `scored`, a frame with one row for each test listing and three columns:
#
# - `price`: what it costs
# - `plain`: what `plain` predicts
# - `dollars`: what `log_model` predicts, in dollars
#
# Listings have no key to join by, and both models write columns of the same names.

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: price, plain and dollars for each test listing.
### STUB scored = ...
### BEGIN SOLUTION
first = plain.transform(test).withColumnRenamed("prediction", "plain").drop("features", "label")
scored = log_model.transform(first).select("price", "plain", F.exp("prediction").alias("dollars"))
scored.cache()  # q5 asks it many times
print(f"{scored.count():,} rows; below zero: {scored.filter('plain < 0').count()} prices of the "
      f"plain model, {scored.filter('dollars < 0').count()} of the other")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Which is better?
#
# - `smearing`: Duan's factor for `log_model`, the mean of exp(residual) over the **training** rows;
#   a residual is log(price) minus prediction
# - `scores`: a dict with the keys `"plain"`, `"log"` and `"smeared"`; the last is `dollars` times
#   `smearing`. Each value is a dict with `"rmse"`, `"mae"` and `"r2"` of the rows in `scored`, in
#   dollars
# - `best`: who wins by which metric, such as `{"rmse": "plain", "mae": "plain", "r2": "log"}`
#
# This is a report. To *choose* one of the three you would use validation rows, as in the demo.
#
# **Predict** first: will one and the same model be best by all three?

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
# - `skip` loses rows without a word, `keep` prices what it does not know, `error` stops, once the
#   features are needed.
# - A pipeline carries everything that was learned, and all of it comes from the training rows.
# - A model of log(price) competes only after `exp`, row by row with the other.
# - The better model is better *by a metric*: the median that `exp` gives suits MAE, the mean that
#   smearing gives suits RMSE.
#
# **Check yourself:** how would `scores` change if the plain model's prices below 10 dollars were
# set to 10? Try it.
#
# **Next:** the quiz below, which ends the first part of the course.

# %%
ask_quiz("07")
