# %% [markdown]
# # 06 · Linear regression I, lab
#
# **The question of this lab:** what do six columns together know about the price, and how far can
# you trust it?
#
# - **Time:** 20 minutes
# - **You will:** fit a model with several columns; judge it on rows it has not seen, against a
#   baseline; say in dollars what it learned; find an assumption that fails
# - **Before you start:** the demo of lesson 06
# - **Data:** `listings`, split as in the demo
# - **Exam:** 2025-30, 2025-39; earlier guide S3
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again.

# %%
import numpy as np
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load_split, open_lab

spark = get_spark("06_linear_regression_1_lab")
lab = open_lab("06")

# %% [markdown]
# These are the rows and the six columns of this lab.

# %% tags=["nbval-check-output"]
train, test = load_split("listings")
FEATURES = [
    "accommodates",
    "bedrooms",
    "bathrooms",
    "minimum_nights",
    "number_of_reviews",
    "review_scores_rating",
]
print(f"{train.count():,} training rows, {test.count():,} test rows, {len(FEATURES)} columns")

# %% [markdown]
# ## Question 1 · A model of six columns
#
# Make `assembler`, which puts the six columns of `FEATURES` into one vector column called
# `features`. Then make `model`, a linear regression of `price` on them by plain least squares,
# learned from the training rows.

# %% answer="q1"
# TODO q1: the assembler, and the fitted model.
### STUB assembler = ...
### STUB model = ...
### BEGIN SOLUTION
assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
model = LinearRegression(labelCol="price").fit(assembler.transform(train))
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · How wrong it is
#
# Compute `rmse`, `mae` and `r2` of your model where they count: on the test rows. Keep all their
# digits, here and below; round only what you print. **Predict** first: how many times the MAE will
# the RMSE be, and what would make them equal?

# %% answer="q2" tags=["nbval-check-output"]
# TODO q2: three numbers for the test rows.
### STUB rmse = ...
### STUB mae = ...
### STUB r2 = ...
### BEGIN SOLUTION
predictions = model.transform(assembler.transform(test))
rmse, mae, r2 = (
    RegressionEvaluator(labelCol="price", metricName=name).evaluate(predictions)
    for name in ("rmse", "mae", "r2")
)
print(f"RMSE ${rmse:.2f}, MAE ${mae:.2f}, R² {r2:.3f}")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · Against the baseline
#
# Somebody without a model names the mean price of the training rows for every listing. Compute
# `baseline_rmse`, the RMSE of that guess on the test rows, and `gain`, the share of it that your
# model takes away: 0 means no better than the guess, 1 means perfect.

# %% answer="q3" tags=["nbval-check-output"]
# TODO q3: the baseline and the gain.
### STUB baseline_rmse = ...
### STUB gain = ...
### BEGIN SOLUTION
mean_price = train.agg(F.avg("price")).first()[0]
guessed = test.withColumn("prediction", F.lit(mean_price))
baseline_rmse = RegressionEvaluator(labelCol="price").evaluate(guessed)
gain = 1 - rmse / baseline_rmse
print(f"Baseline RMSE ${baseline_rmse:.2f}; the model removes {gain:.1%} of it")
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · The price of one more bedroom
#
# Write `price_change(model, features, changes)`: by how many dollars does the prediction change if
# some columns change and all others stay as they are? `features` are the columns in the order in
# which the model got them; `changes` says by how much, for example `{"bedrooms": 1}` or
# `{"accommodates": 2, "minimum_nights": -1}`.

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: a function that works for any columns and amounts.
def price_change(model, features, changes):
    """Dollars by which the prediction of `model` changes."""
    ### STUB return ...
    ### BEGIN SOLUTION
    per_unit = dict(zip(features, model.coefficients, strict=True))
    return sum(per_unit[name] * amount for name, amount in changes.items())


for changes in ({"bedrooms": 1}, {"bedrooms": 1, "accommodates": 2}):
    print(f"{changes}: {price_change(model, FEATURES, changes):+.2f} dollars")
    ### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# Compare your price of one more bedroom with the slope of the demo, where *bedrooms* was the only
# column. There a bedroom stood for everything that comes with it, such as room for more guests;
# here those have columns of their own.
#
# ## Question 5 · The column that does the work
#
# Leave out one column at a time, fit the other five anew on the training rows, and see how the
# RMSE on the test rows changes. Make `cost`, a dict from each name in `FEATURES` to the RMSE
# without that column minus the RMSE of the full model. **Predict** first: which column costs most,
# and can a cost be negative?

# %% answer="q5"
# TODO q5: {column: dollars of RMSE that leaving it out costs}
### STUB cost = ...
### BEGIN SOLUTION
def test_rmse(columns):
    chosen = VectorAssembler(inputCols=columns, outputCol="features")
    fitted = LinearRegression(labelCol="price").fit(chosen.transform(train))
    scored = fitted.transform(chosen.transform(test))
    return RegressionEvaluator(labelCol="price").evaluate(scored)


cost = {name: test_rmse([other for other in FEATURES if other != name]) - rmse for name in FEATURES}
for name, dollars in sorted(cost.items(), key=lambda item: -item[1]):
    print(f"{name:22} {dollars:+6.2f}")
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Question 6 · An assumption that fails
#
# Order the *training* rows by the prediction of your model and look at the quarter with the lowest
# and the quarter with the highest predictions. In each, take the mean of the absolute residuals.
#
# - `spread_ratio`: that mean in the highest quarter divided by that in the lowest
# - `log_spread_ratio`: the same for a second model, of log(price) on the same columns. Its
#   residuals and its quarters are in log(price)
# - `assumption`: the one that `spread_ratio` speaks about: `"linearity"`, `"independence"`,
#   `"normality"` or `"homoscedasticity"`

# %% answer="q6" tags=["nbval-check-output"]
# TODO q6: two ratios and one word.
### STUB spread_ratio = ...
### STUB log_spread_ratio = ...
### STUB assumption = ...
### BEGIN SOLUTION
def highest_by_lowest(label):
    rows = assembler.transform(train).withColumn("log_price", F.log("price"))
    scored = LinearRegression(labelCol=label).fit(rows).transform(rows)
    predicted, true = np.array(scored.select("prediction", label).collect()).T
    low, high = np.quantile(predicted, [0.25, 0.75])
    size = np.abs(true - predicted)
    return size[predicted >= high].mean() / size[predicted <= low].mean()


spread_ratio, log_spread_ratio = highest_by_lowest("price"), highest_by_lowest("log_price")
assumption = "homoscedasticity"
print(f"price: {spread_ratio:.2f}, log(price): {log_spread_ratio:.2f} (1 means equal spread)")
### END SOLUTION

# %% check="q6"
lab.q6.check()

# %% [markdown]
# ## Where you stand

# %%
lab.summary()

# %% [markdown]
# ## What you know now
#
# - Several columns go through one assembler, and a metric counts on test rows, next to a baseline.
# - A coefficient is dollars per unit with the other columns of the model held still; change the
#   columns and it changes too.
# - What a column is worth shows when it is left out and the rest is fitted anew.
# - Where misses grow with the prediction, standard errors cannot be taken at their word.
#
# **Check yourself:** would `gain` be larger or smaller if the test rows had no listings above
# 1,000 dollars? Try it.
#
# **Next:** the quiz below, then lesson 07: categories, and predicting with the logarithm.

# %%
ask_quiz("06")
