# %% [markdown]
# # 06 · Linear regression I, lab
#
# **The question of this lab:** what do six columns together know about the price of a listing, and
# how far can you trust what they say?
#
# - **Time:** 20 minutes
# - **Before you start:** the demo of lesson 06
# - **Data:** `listings`, split into training and test rows as in the demo
#
# **The tools you need, and where they were shown**
#
# - `VectorAssembler` and `LinearRegression`, and what `fit` and `transform` do: lesson 06
# - `model.coefficients`, `RegressionEvaluator`, residuals: lesson 06
# - validation rows that a hash chooses: lesson 03
# - `filter`, `withColumn`, `F.avg`, `F.lit`: lesson 01
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

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
# The demo fitted a line to *bedrooms* alone. Now the model gets all six columns of `FEATURES`.
#
# - `assembler`: a `VectorAssembler` that puts the six columns into one vector column called
#   `features`
# - `model`: a linear regression of `price` on that vector, fitted to the training rows by plain
#   least squares, without a penalty

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
# Compute `rmse`, `mae` and `r2` of your model on the rows that it has not seen: the test rows.
#
# **Predict** first: how many times the MAE will the RMSE be, and what would make them equal?

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
# Is that error small? Compare it with a guess that needs no model: the mean price of the training
# rows, for every listing.
#
# - `baseline_rmse`: the RMSE of that guess on the test rows
# - `gain`: the share of `baseline_rmse` that your model takes away. A gain of 0 means that the
#   model is no better than the guess, a gain of 1 that it makes no error at all.

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
# A host asks what another bedroom would be worth. Write `price_change(model, features, changes)`,
# which returns by how many dollars the prediction changes if some columns change and all others
# stay as they are.
#
# - `features` are the columns in the order in which the model got them
# - `changes` says by how much each column changes, for example `{"bedrooms": 1}` or
#   `{"accommodates": 2, "minimum_nights": -1}`
#
# The function must work for any linear model, not only for yours.

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
# Compare your price of one more bedroom with the slope in the demo, where *bedrooms* was the only
# column. There, a bedroom stood for everything that comes with it, such as room for more guests.
# Here, those have columns of their own.
#
# ## Question 5 · The column that does the work
#
# Is each of the six columns worth its place? Answering that means choosing between models, and
# lesson 03 has a rule for it: choose with *validation* rows, and let the test rows meet only the
# model that you have chosen. So a hash puts a fifth of the training rows aside.

# %% tags=["nbval-check-output"]
in_validation = F.pmod(F.xxhash64(*train.columns), F.lit(5)) == 1
fit_rows = train.filter(~in_validation).cache()
validation = train.filter(in_validation).cache()
print(f"{fit_rows.count():,} rows to fit, {validation.count():,} to choose with")

# %% [markdown]
# Leave out one column at a time: fit a model of the other five to `fit_rows`, and take its RMSE on
# `validation`. Make `cost`, a dict with one entry for each name in `FEATURES`: the RMSE without
# that column minus the RMSE of a model of all six. Both models are fitted to `fit_rows` and judged
# on `validation`, so a cost is in dollars.
#
# **Predict** first: which column is the most expensive one to leave out, and can a cost be
# negative?

# %% answer="q5"
# TODO q5: {column: dollars of RMSE that leaving it out costs}
### STUB cost = ...
### BEGIN SOLUTION
def validation_rmse(columns):
    chosen = VectorAssembler(inputCols=columns, outputCol="features")
    fitted = LinearRegression(labelCol="price").fit(chosen.transform(fit_rows))
    scored = fitted.transform(chosen.transform(validation))
    return RegressionEvaluator(labelCol="price").evaluate(scored)


of_all_six = validation_rmse(FEATURES)
cost = {name: validation_rmse([f for f in FEATURES if f != name]) - of_all_six for name in FEATURES}
for name, dollars in sorted(cost.items(), key=lambda item: -item[1]):
    print(f"{name:22} {dollars:+6.2f}")
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Question 6 · An assumption that fails
#
# The demo tested four assumptions about the residuals. Test one of them on the *training* rows:
# order these rows by the prediction of your model, and look at the quarter with the lowest and the
# quarter with the highest predictions. In each quarter, take the mean of the absolute residuals.
#
# - `spread_ratio`: that mean in the highest quarter divided by that in the lowest
# - `log_spread_ratio`: the same for a second model, of log(price) on the same six columns. Its
#   predictions, its quarters and its residuals are all in log(price).
# - `assumption`: the assumption that `spread_ratio` tests: `"linearity"`, `"independence"`,
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
    # two columns of a few thousand rows: they fit on the driver
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
# - One assembler takes several columns, and an error says something only beside a baseline.
# - A coefficient is dollars per unit while the other columns of the model stay as they are. With
#   other columns in the model it is another number.
# - You see what a column is worth when you leave it out, fit the rest anew, and judge the result
#   on validation rows.
# - Where the residuals grow with the prediction, you cannot take the standard errors at their word.
#
# **Check yourself:** would `gain` be larger or smaller if the test rows had no listings above
# 1,000 dollars? Try it.
#
# **Exam:** estimators and transformers in Spark ML; the regression metrics RMSE, MAE and R², and
# which one answers which question
#
# **Next:** the quiz below, then lesson 07, where the model gets text columns and predicts the
# logarithm of the price.

# %%
ask_quiz("06")
