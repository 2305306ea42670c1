# %% [markdown]
# # 12 · Random forests, lab
#
# **The question of this lab:** can a forest tell which listings are expensive, and how do you find
# its best settings without fooling yourself?
#
# - **Time:** 30 minutes
# - **Before you start:** the demo of lesson 12
# - **Data:** `listings`, split into training and test rows as in the demo
#
# The demo predicted a number, the price. Here you predict a yes or no: is this listing expensive?
# The city wants to know before a host has set any price, so the model may see everything but that.
#
# **The tools you need, and where they were shown**
#
# - `StringIndexer` and `VectorAssembler` in a `Pipeline`: lesson 07
# - the forest, `ParamGridBuilder`, `CrossValidator`, `avgMetrics` and `bestModel`: lesson 12
# - `BinaryClassificationEvaluator`: like `RegressionEvaluator` of lesson 06, for a label of 0 and
#   1. Its metric is the area under the ROC curve, AUC for short: how likely an expensive listing
#   gets a higher score than another one. 1 is perfect, and 0.5 is guessing.
# - `agg`, `withColumn`, `cast`, `F.avg`: lesson 01
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

# %%
from pyspark.ml import Pipeline
from pyspark.ml.classification import RandomForestClassifier
from pyspark.ml.evaluation import BinaryClassificationEvaluator, MulticlassClassificationEvaluator
from pyspark.ml.feature import StringIndexer, VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load_split, open_lab

spark = get_spark("12_random_forests_lab")
lab = open_lab("12")

# %% [markdown]
# These are the rows, kept in memory because many forests will read them, and the eleven columns
# that a forest may see.

# %% tags=["nbval-check-output"]
train, test = (rows.coalesce(1).cache() for rows in load_split("listings"))
WORDS = ["room_type", "neighbourhood_cleansed", "property_type"]
NUMBERS = [
    "accommodates",
    "bedrooms",
    "bathrooms",
    "beds",
    "minimum_nights",
    "number_of_reviews",
    "review_scores_rating",
    "review_scores_location",
]
print(f"{train.count():,} training rows, {test.count():,} test rows")
print(f"{len(WORDS)} columns of words, {len(NUMBERS)} of numbers")

# %% [markdown]
# ## Question 1 · What expensive means
#
# A listing is *expensive* if its price is above the mean price of the training rows.
#
# - `line`: that mean price
# - `labeled_train` and `labeled_test`: the training and the test rows, with all their columns and
#   a new one, `expensive`, which is the number 1 for an expensive listing and the number 0 for any
#   other
#
# **Predict** first: what share of the listings is above the mean, more than half or less?

# %% answer="q1" tags=["nbval-check-output"]
# TODO q1: the line, and both frames with the label.
### STUB line = ...
### STUB labeled_train = ...
### STUB labeled_test = ...
### BEGIN SOLUTION
line = train.agg(F.avg("price")).first()[0]
expensive = (F.col("price") > line).cast("double")
labeled_train = train.withColumn("expensive", expensive).cache()
labeled_test = test.withColumn("expensive", expensive).cache()
share = labeled_train.agg(F.avg("expensive")).first()[0]
print(f"Above ${line:.2f}: {share:.1%} of the training rows")
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · A forest in a pipeline
#
# Put everything that has to be learned into one pipeline: the words become numbers, the eleven
# columns become a vector, and a `RandomForestClassifier` of 10 trees learns to predict
# `expensive`. All other settings of the forest are yours, and some must change: Spark refuses a
# column with more different words than `maxBins`, which is 32.
#
# - `pipeline`: the `Pipeline`, not fitted yet
# - `model`: the pipeline fitted to the training rows. It must also give a score to a listing whose
#   property type it has never seen.
# - `auc_seen`: its area under the ROC curve on the rows that it has learned from

# %% answer="q2" tags=["nbval-check-output"]
# TODO q2: a pipeline, its model, and one number.
### STUB pipeline = ...
### STUB model = ...
### STUB auc_seen = ...
### BEGIN SOLUTION
places = [f"{column}_no" for column in WORDS]
indexer = StringIndexer(inputCols=WORDS, outputCols=places, handleInvalid="keep")
assembler = VectorAssembler(inputCols=[*places, *NUMBERS], outputCol="features")
forest = RandomForestClassifier(labelCol="expensive", numTrees=10, maxBins=64, seed=12)
pipeline = Pipeline(stages=[indexer, assembler, forest])
model = pipeline.fit(labeled_train)
auc = BinaryClassificationEvaluator(labelCol="expensive")
auc_seen = auc.evaluate(model.transform(labeled_train))
print(f"AUC on the rows it has learned from: {auc_seen:.3f}")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · How many forests?
#
# `auc_seen` says how well the forest remembers. To choose settings, you need scores on rows that a
# forest has not seen, and the test rows stay closed until Question 5.
#
# Prepare a search, but do not run it yet. `cv` is a `CrossValidator` with
#
# - your whole pipeline inside it, so that each fold learns its own indexer
# - a grid of four settings: `maxDepth` 6 or 2, together with `numTrees` 3 or 15
# - three folds, and the area under the ROC curve to choose by
#
# Then write down two numbers, before any machine counts them for you:
#
# - `exam_fits`: how many models the search fits to compare the settings. This is the number that
#   exam questions ask for.
# - `all_fits`: how many times `cv.fit` fits the pipeline in all, until you have a model to use

# %% answer="q3"
# TODO q3: the search, and two whole numbers.
### STUB cv = ...
### STUB exam_fits = ...
### STUB all_fits = ...
### BEGIN SOLUTION
grid = ParamGridBuilder().addGrid(forest.maxDepth, [6, 2]).addGrid(forest.numTrees, [3, 15])
cv = CrossValidator(
    estimator=pipeline,
    estimatorParamMaps=grid.build(),
    evaluator=BinaryClassificationEvaluator(labelCol="expensive", metricName="areaUnderROC"),
    numFolds=3,
    parallelism=2,
    seed=12,
)
exam_fits = len(cv.getEstimatorParamMaps()) * cv.getNumFolds()
all_fits = exam_fits + 1  # the best setting once more, on all training rows
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · The search
#
# Now run it, on the training rows. It takes a quarter of a minute or so.
#
# - `cv_model`: what `cv.fit` returns
# - `best_depth` and `best_trees`: the `maxDepth` and `numTrees` of the setting that won, read from
#   the result
# - `cv_auc`: the mean AUC over the folds with which it won
#
# **Predict** first: will `cv_auc` be above or below `auc_seen`?

# %% answer="q4"
# TODO q4: run the search and read its result.
### STUB cv_model = ...
### STUB best_depth = ...
### STUB best_trees = ...
### STUB cv_auc = ...
### BEGIN SOLUTION
cv_model = cv.fit(labeled_train)
best = cv_model.bestModel.stages[-1]
best_depth, best_trees = best.getMaxDepth(), best.getNumTrees
cv_auc = max(cv_model.avgMetrics)
for setting, mean in zip(cv_model.getEstimatorParamMaps(), cv_model.avgMetrics, strict=True):
    print({param.name: value for param, value in setting.items()}, f"{mean:.4f}")
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · The test rows, once
#
# The choice is made, so you may open the test rows. Compute three numbers on them:
#
# - `test_auc`: the area under the ROC curve of the model that the search has chosen
# - `accuracy`: the share of the test rows for which its prediction is right
# - `nobody_accuracy`: the accuracy of somebody who needs no model, and says that no listing is
#   expensive
#
# **Predict** first: how high must an accuracy be to be worth anything here?

# %% answer="q5" tags=["nbval-check-output"]
# TODO q5: three numbers for the test rows.
### STUB test_auc = ...
### STUB accuracy = ...
### STUB nobody_accuracy = ...
### BEGIN SOLUTION
scored = cv_model.transform(labeled_test).cache()
test_auc = BinaryClassificationEvaluator(labelCol="expensive").evaluate(scored)
by_accuracy = MulticlassClassificationEvaluator(labelCol="expensive", metricName="accuracy")
accuracy = by_accuracy.evaluate(scored)
nobody_accuracy = scored.agg(F.avg((F.col("expensive") == 0).cast("double"))).first()[0]
print(f"AUC {test_auc:.3f}; accuracy {accuracy:.1%}, and {nobody_accuracy:.1%} without a model")
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Question 6 · Where to draw the line
#
# A forest gives each listing a probability. Somebody has to decide above which probability a
# listing counts as expensive. Compare two thresholds on the test rows, 0.5 and 0.3, with the model
# that the search has chosen: a listing is called expensive if its probability of being expensive
# is above the threshold.
#
# - `half` and `low`: a dict for each threshold, 0.5 and 0.3, with three entries: `"precision"`
#   (the share of those called expensive that are), `"recall"` (the share of the expensive ones that
#   are called so) and `"f1"`, which is $2 \cdot \text{precision} \cdot \text{recall} /
#   (\text{precision} + \text{recall})$
# - `log_loss`: the log loss of the probabilities, which needs no threshold: the mean of $-\log p$,
#   where $p$ is the probability that the model gave to what turned out to be true
#
# **Predict** first: which of precision and recall goes up when the threshold goes down?

# %% answer="q6" tags=["nbval-check-output"]
# TODO q6: two dicts and a number.
### STUB half = ...
### STUB low = ...
### STUB log_loss = ...
### BEGIN SOLUTION
from pyspark.ml.functions import vector_to_array

probability = vector_to_array("probability")[1]
rows = scored.select(probability.alias("p"), "expensive").toPandas()  # two columns: it is safe


def scores_above(threshold):
    called, is_expensive = rows["p"] > threshold, rows["expensive"] == 1
    precision, recall = is_expensive[called].mean(), called[is_expensive].mean()
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": precision, "recall": recall, "f1": f1}


half, low = scores_above(0.5), scores_above(0.3)
by_log_loss = MulticlassClassificationEvaluator(labelCol="expensive", metricName="logLoss")
log_loss = by_log_loss.evaluate(scored)
for threshold, scores in ((0.5, half), (0.3, low)):
    print(f"above {threshold}:", ", ".join(f"{name} {value:.3f}" for name, value in scores.items()))
print(f"log loss {log_loss:.3f}")
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
# - A search by cross-validation fits every setting once in each fold, and the best one once more on
#   all rows.
# - With the pipeline inside the search, no fold learns anything from the rows that judge it.
# - The score that won is for choosing. The score to report comes from rows that chose nothing.
# - AUC judges the order of the scores, log loss the probabilities, accuracy only one threshold; and
#   an accuracy says nothing until you know what saying "nobody" gets.
#
# **Check yourself:** you want to find nine in ten of the expensive listings. Which threshold do you
# need, and how many false alarms does it cost? Try it with the function of Question 6.
#
# **Exam:** cross-validation in Spark ML and how many models a grid search fits; AUC, F1 and log
# loss, and what each of them judges
#
# **Next:** the quiz below, then lesson 13, which searches settings without trying them all.

# %%
ask_quiz("12")
