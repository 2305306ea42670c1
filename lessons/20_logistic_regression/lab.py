# %% [markdown]
# # 20 · Logistic regression, lab
#
# **The question of this lab:** who is a superhost, how well can you tell, and which number says so
# for the people who will use your answer?
#
# - **Time:** 30 minutes
# - **Before you start:** the demo of lesson 20
# - **Data:** `listings`, split into rows to fit, to decide with, and to test
#
# **The tools you need, and where they were shown**
#
# - `LogisticRegression`, its column `probability`, and `vector_to_array`: lesson 20
# - `BinaryClassificationEvaluator` for the areas, `MulticlassClassificationEvaluator` for the
#   metrics of one class: lesson 20
# - a `Pipeline` with a `VectorAssembler`: lesson 07
# - `ParamGridBuilder`, `CrossValidator`, `avgMetrics`, `bestModel`: lesson 12
# - `agg`, `F.avg`, `filter`: lesson 01
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

# %%
import numpy as np
from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import BinaryClassificationEvaluator, MulticlassClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.functions import vector_to_array
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load_split, open_lab

spark = get_spark("20_logistic_regression_lab")
lab = open_lab("20")

# %% [markdown]
# The label is ready: `superhost` is 1.0 if the host has a badge and 0.0 if not. A hash divides the
# training rows, so there are three kinds: `fit_rows` to learn from, `validation` to decide with,
# and `test_rows` for the end.

# %%
train, test = load_split("listings")
in_validation = F.pmod(F.xxhash64(*train.columns), F.lit(5)) == 1
is_superhost = (F.col("host_is_superhost") == "t").cast("double")
fit_rows, validation, test_rows = (
    rows.withColumn("superhost", is_superhost).coalesce(1).cache()
    for rows in (train.filter(~in_validation), train.filter(in_validation), test)
)

# %% tags=["nbval-check-output"]
print(f"{fit_rows.count():,} rows to fit, {validation.count():,} to decide with")

# %% [markdown]
# And these are the eight columns that a model may see.

# %%
FEATURES = [
    "number_of_reviews",
    "review_scores_rating",
    "review_scores_rating_na",
    "review_scores_cleanliness",
    "review_scores_value",
    "host_total_listings_count",
    "accommodates",
    "minimum_nights",
]

# %% [markdown]
# ## Question 1 · Nobody is a superhost
#
# First the numbers that need no model. A model has to beat them.
#
# - `share`: the share of superhosts among the rows to fit
# - `nobody_accuracy`: how accurate somebody is on the validation rows who says that nobody is a
#   superhost
# - `share_log_loss`: the log loss on the validation rows of somebody who gives every listing the
#   same probability, `share`
#
# **Predict** first: can a log loss be below that of always saying one half, which is 0.693, without
# any knowledge of the single listing?

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: three numbers.
### STUB share = ...
### STUB nobody_accuracy = ...
### STUB share_log_loss = ...
### BEGIN SOLUTION
share = fit_rows.agg(F.avg("superhost")).first()[0]
there = validation.agg(F.avg("superhost")).first()[0]
nobody_accuracy = 1 - there
share_log_loss = -there * np.log(share) - (1 - there) * np.log(1 - share)
print(f"{share:.1%} superhosts; nobody: accuracy {nobody_accuracy:.3f}")
print(f"log loss of the share: {share_log_loss:.4f}")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · A model and its two areas
#
# - `pipeline`: a `Pipeline` of a `VectorAssembler`, which takes the columns of `FEATURES`, and a
#   `LogisticRegression` of `superhost` with default settings
# - `model`: the pipeline fitted to `fit_rows`
# - `auroc` and `aupr`: the areas under its ROC curve and under its precision–recall curve, both on
#   the validation rows
#
# **Predict** first: what would a coin get for each of the two?

# %% answer="q2" tags=["nbval-check-output"]
# TODO q2: a pipeline, its model, and two numbers.
### STUB pipeline = ...
### STUB model = ...
### STUB auroc = ...
### STUB aupr = ...
### BEGIN SOLUTION
assembler = VectorAssembler(inputCols=FEATURES, outputCol="features")
logistic = LogisticRegression(labelCol="superhost")
pipeline = Pipeline(stages=[assembler, logistic])
model = pipeline.fit(fit_rows)
judged = model.transform(validation).cache()
auroc, aupr = (
    BinaryClassificationEvaluator(labelCol="superhost", metricName=name).evaluate(judged)
    for name in ("areaUnderROC", "areaUnderPR")
)
print(f"ROC AUC {auroc:.3f}, PR AUC {aupr:.3f} (a coin: 0.5 and {there:.3f})")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · A search
#
# Does a penalty help? Search with a `CrossValidator` over your whole pipeline, on `fit_rows`:
#
# - a grid of three values of `regParam`: 0.5, 0.02 and 0.0 (all else as before)
# - three folds, and the area under the precision–recall curve to choose by
#
# It takes half a minute or less. Then read the result:
#
# - `cv_model`: what `fit` returns
# - `best_reg`: the `regParam` that won
# - `cv_aupr`: the mean area over the folds with which it won

# %% answer="q3"
# TODO q3: the search and its result.
### STUB cv_model = ...
### STUB best_reg = ...
### STUB cv_aupr = ...
### BEGIN SOLUTION
cv = CrossValidator(
    estimator=pipeline,
    estimatorParamMaps=ParamGridBuilder().addGrid(logistic.regParam, [0.5, 0.02, 0.0]).build(),
    evaluator=BinaryClassificationEvaluator(labelCol="superhost", metricName="areaUnderPR"),
    numFolds=3,
    parallelism=2,
    seed=20,
)
cv_model = cv.fit(fit_rows)
best_reg = cv_model.bestModel.stages[-1].getRegParam()
cv_aupr = max(cv_model.avgMetrics)
for setting, mean in zip(cv_model.getEstimatorParamMaps(), cv_model.avgMetrics, strict=True):
    print({param.name: value for param, value in setting.items()}, f"{mean:.4f}")
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · A threshold by cost
#
# Mara's prices have changed. A drive for nothing still costs her 20 dollars, but a superhost whom
# she does not visit now costs her 60.

# %%
DRIVE, MISSED = 20, 60
THRESHOLDS = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8]

# %% [markdown]
# Use the model that the search has chosen. Mara visits a listing if its probability is above the
# threshold.
#
# - `threshold`: that of `THRESHOLDS` which costs least. Choose it as the demo did.
# - `test_cost`: with this threshold, dollars per listing on the test rows
# - `half_test_cost`: the same with a threshold of 0.5
#
# **Predict** first: is the cheapest threshold higher or lower than the demo's, where a missed
# superhost cost 40?

# %% answer="q4" tags=["nbval-check-output"]
# TODO q4: a threshold and two costs.
### STUB threshold = ...
### STUB test_cost = ...
### STUB half_test_cost = ...
### BEGIN SOLUTION
def label_and_probability(rows):
    p = vector_to_array("probability")[1]
    return cv_model.transform(rows).select("superhost", p).toPandas().to_numpy().T


def cost(y, p, threshold):
    called = p > threshold
    return (DRIVE * (called & (y == 0)) + MISSED * (~called & (y == 1))).mean()


y, p = label_and_probability(validation)
threshold = min(THRESHOLDS, key=lambda t: cost(y, p, t))
y_new, p_new = label_and_probability(test_rows)
test_cost, half_test_cost = cost(y_new, p_new, threshold), cost(y_new, p_new, 0.5)
print(f"at {threshold}: ${test_cost:.2f} a listing; at 0.5: ${half_test_cost:.2f}")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Choose the metric
#
# Four people want to use your probabilities. For each of them, choose the metric by which *they*
# should judge the model: `"accuracy"`, `"precision"`, `"recall"`, `"log loss"` or `"ROC AUC"`.
# Each one is right at most once.
#
# - `for_gifts`: a travel agency sends an expensive basket to each host whom the model calls a
#   superhost. A basket for a host without a badge is lost money. It does not matter that other
#   superhosts get none.
# - `for_warning`: the city must tell all superhosts about a new tax before Friday. Somebody who
#   gets no letter will be fined. A letter too many costs a stamp.
# - `for_reserve`: a bank keeps back 500 dollars times the probability for each listing, and needs
#   the sum to be right for any group of them.
# - `for_website`: a website shows the listings in the order of their probability, best first.
#   People scroll down as far as they like.
#
# Then compute what you have chosen: `score` is a dict with the keys `"gifts"`, `"warning"`,
# `"reserve"` and `"website"`. Each value is the metric of that person, for the model that the
# search has chosen, on the test rows. Where a class is needed, it is that of superhosts, with a
# threshold of 0.5.

# %% answer="q5" tags=["nbval-check-output"]
# TODO q5: four words, and a dict of four numbers.
### STUB for_gifts = ...
### STUB for_warning = ...
### STUB for_reserve = ...
### STUB for_website = ...
### STUB score = ...
### BEGIN SOLUTION
for_gifts, for_warning = "precision", "recall"
for_reserve, for_website = "log loss", "ROC AUC"

final = cv_model.transform(test_rows).cache()


def by_class(name):
    return MulticlassClassificationEvaluator(
        labelCol="superhost", metricName=name, metricLabel=1.0
    ).evaluate(final)


score = {
    "gifts": by_class("precisionByLabel"),
    "warning": by_class("recallByLabel"),
    "reserve": by_class("logLoss"),
    "website": BinaryClassificationEvaluator(labelCol="superhost").evaluate(final),
}
print({name: round(value, 3) for name, value in score.items()})
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
# - A share is a model, too: it has a log loss, a ROC AUC of 0.5, and a PR AUC of the share itself.
# - Areas need scores, not classes, and rows that the model has not seen.
# - A search chooses by the metric that you give it. Spark's default is the area under the ROC
#   curve.
# - What mistakes cost decides about the threshold, and the threshold is chosen before the test rows
#   are opened.
# - Which metric is right depends on what somebody will do with the prediction.
#
# **Check yourself:** the log loss of the share was nearly that of a coin. Would you have expected
# so if one host in fifty were a superhost? Compute it.
#
# **Next:** the quiz below, then lesson 21, which recommends places to people.

# %%
ask_quiz("20")
