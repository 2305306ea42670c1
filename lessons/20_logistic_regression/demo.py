# %% [markdown]
# # 20 · Logistic regression
#
# Mara has a small laundry, and wants to wash the linen of people who rent out their homes. By now
# she knows her customers. A host with a *superhost* badge nearly always signs a contract, and a
# host without one nearly never does. She has bought a list of the listings in her city, with
# ratings and reviews, but the badges are not on it. To ask a host she has to drive there, and the
# afternoons of this month are few. Whom should she visit?
#
# That is a yes or a no, not a number of dollars. And two kinds of mistakes wait for her: a drive
# for nothing, and a superhost who washes at a competitor's.
#
# **The question:** how do you predict a yes or no, and how do you judge whether the prediction is
# any good for what you want to do with it?
#
# - **Time:** 55 minutes, and 30 more for the lab
# - **Before you start:** linear regression (lesson 06), pipelines (07), and what validation and
#   test rows are for (03)
# - **Data:** `listings`, places to rent in one city. In one section also `churn`, customers of a
#   telephone company, of whom the true probabilities are known

# %%
from pyspark.sql import functions as F

from course_utils import get_spark, helpers, load_split

spark = get_spark("20_logistic_regression")
draw = helpers("20")
is_superhost = (F.col("host_is_superhost") == "t").cast("double")
train, test = (rows.withColumn("label", is_superhost).coalesce(1).cache()
               for rows in load_split("listings"))

# %% [markdown]
# The file says `t` (true) or `f` (false). `cast` makes 1.0 and 0.0 of it, the form in which Spark
# ML wants a label. A few thousand rows need no more than one partition, hence `coalesce(1)`. The
# test rows stay closed for now.
#
# Let us look. The dots are some of the listings, at 1 if the host has a badge and at 0 if not:

# %%
rows = train.select("number_of_reviews", "label").toPandas()
draw.superhosts(rows)

# %% [markdown]
# (Two columns of a few thousand rows are about 100 KB; they are safe in the notebook's memory.)
#
# No single dot tells you much, but the shares do: the more reviews, the more superhosts, up to a
# point. So we do not predict the badge itself. We predict the *probability* of a badge, a number
# between 0 and 1.
#
# ## Why not a line?
#
# Lesson 06 has drawn a line through dots. Nothing stops us from doing it here, with the label as
# the number to predict.
#
# **Predict:** what does the line promise to the listing with the most reviews of all?

# %%
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression

reviews = ["number_of_reviews"]
assembler = VectorAssembler(inputCols=reviews, outputCol="features")
vectors = assembler.transform(train)
line = LinearRegression().fit(vectors)

# %% [markdown]
# What it says about a listing without reviews, with a hundred, and with the most:

# %% tags=["nbval-check-output"]
most = int(rows["number_of_reviews"].max())
for n in (0, 100, most):
    print(f"{n:4} reviews: {line.intercept + line.coefficients[0] * n:.2f}")

# %% [markdown]
# For most listings the line's numbers look like probabilities. But a line has no end, and a
# probability ends at 0 and at 1. For the listing with the most reviews the line goes well above
# 1, and nothing is more probable than that. We need a curve that flattens before it gets there.
#
# ## Odds and their logarithm
#
# The trick is to predict something without an end, and to turn it into a probability afterwards.
# If a probability is $p$, its *odds* are $p / (1 - p)$: three to one means that yes is three times
# as probable as no. The *log-odds* are the logarithm of that.

# %% tags=["nbval-check-output"]
import numpy as np

for p in (0.01, 0.25, 0.5, 0.75, 0.99):
    odds = p / (1 - p)
    print(f"probability {p:4}: odds {odds:5.2f}, log-odds {np.log(odds):5.2f}")

# %% [markdown]
# Even odds have log-odds of 0. Yes and no are mirror images: 0.25 and 0.75 have the same log-odds
# but for the sign. And from 0.75 to 0.99 the log-odds more than quadruple, so there is plenty of
# room before 1, in fact an infinite amount. That is the number to predict with a line. The way
# back is called the *logistic function*, or *sigmoid*:
#
# $$\text{log-odds} = \text{intercept} + \text{coefficient} \cdot \text{reviews}
# \qquad p = \frac{1}{1 + e^{-\text{log-odds}}}$$

# %%
def probability(log_odds):
    return 1 / (1 + np.exp(-log_odds))


# %% [markdown]
# The whole method in one picture; the last step, the threshold, will get a section of its own:
#
# ```mermaid
# flowchart LR
#     x["features<br/>of a listing"] -->|"weighted sum"| z["log-odds<br/>−∞ … ∞"]
#     z -->|"sigmoid"| p["probability<br/>0 … 1"]
#     p -->|"threshold"| c["class<br/>0 or 1"]
# ```
#
# Spark's estimator is called `LogisticRegression`. In spite of its name it predicts classes.

# %% tags=["nbval-check-output"]
from pyspark.ml.classification import LogisticRegression

one = LogisticRegression().fit(vectors)
b, w = one.intercept, one.coefficients[0]
print(f"log-odds = {b:.3f} + {w:.5f} · reviews")

# %% [markdown]
# How do you read a coefficient? It is added to the log-odds, so its exponential *multiplies the
# odds*, whatever they were. It does not add to the probability, which moves a lot in the middle
# and hardly at the ends.

# %% tags=["nbval-check-output"]
print(f"Ten more reviews multiply the odds by {np.exp(10 * w):.3f}")

# %% [markdown]
# Now by hand, for the first listing, and next to it the columns that Spark adds:

# %% tags=["nbval-check-output"]
first = one.transform(vectors).first()
log_odds = b + w * first["number_of_reviews"]
print(f"{first['number_of_reviews']:.0f} reviews")
print(f"by hand: log-odds {log_odds:.4f}, p {probability(log_odds):.4f}")
print(f"Spark:   log-odds {first['rawPrediction'][1]:.4f}, "
      f"p {first['probability'][1]:.4f}, class {first['prediction']:.0f}")

# %% [markdown]
# `rawPrediction` holds log-odds, `probability` holds probabilities, and both are vectors with an
# entry for each class: entry 1 is for the label 1. `prediction` is the class with the larger
# probability. Here are the line and the curve over the dots:

# %%
draw.curve(rows, lambda n: line.intercept + line.coefficients[0] * n,
           lambda n: probability(b + w * n))

# %% [markdown]
# The curve bends before it reaches 1, as we wanted. But look at the left end: neither the line nor
# the curve follows the jump between no reviews and ten. We will come back to that.
#
# **Exercise 1.** At how many reviews does this model predict a probability of exactly one half?
#
# <details><summary>Answer</summary>
#
# One half means log-odds of 0, so $b + w \cdot n = 0$ and $n = -b / w$. Everything to the right of
# it gets the class 1. With one feature, the border between the classes is a single point.
# </details>
#
# ## How Spark finds the numbers
#
# Least squares would be the wrong loss here. A model that says 0.999 and is wrong has made a much
# worse mistake than one that says 0.6 and is wrong, and squares see little difference. The loss to
# use is the **log loss**: take the probability that the model gave to what turned out to be true,
# and average minus its logarithm.

# %% tags=["nbval-check-output"]
from pyspark.ml.functions import vector_to_array

p_yes = vector_to_array("probability")[1].alias("p")
seen = one.transform(vectors).select("label", p_yes).toPandas()
of_what_was_true = np.where(seen["label"] == 1, seen["p"], 1 - seen["p"])
print(f"log loss by hand       {-np.log(of_what_was_true).mean():.5f}")
print(f"where Spark's fit ends {one.summary.objectiveHistory[-1]:.5f}")
print(f"always saying one half {np.log(2):.5f}")

# %% [markdown]
# `vector_to_array` takes the number out of Spark's vector. By hand we get what Spark has
# minimized. There is no formula for the best coefficients, as there was for least squares. Spark
# walks downhill with *L-BFGS*, and each step is one pass over the rows: every partition adds up
# its share of the slope, and only these sums travel to the driver. That is why logistic regression
# scales to any number of rows.
#
# ## Six columns
#
# For Mara we use more than one column. A hash puts a fifth of the training rows aside: the model
# learns from `fit_rows`, and `validation` is for all decisions that come after.

# %% tags=["nbval-check-output"]
in_validation = F.pmod(F.xxhash64(*train.columns), F.lit(5)) == 1
fit_rows = train.filter(~in_validation).cache()
validation = train.filter(in_validation).cache()
print(f"{fit_rows.count():,} to fit, {validation.count():,} to decide with")

# %% [markdown]
# The columns are what Mara's list has and what might go with a badge. `review_scores_rating_na` is
# 1 where a listing had no rating and the median was filled in.

# %%
SIX = ["number_of_reviews", "review_scores_rating", "review_scores_rating_na",
       "review_scores_cleanliness", "host_total_listings_count", "accommodates"]

# %% [markdown]
# The rest is as in lesson 07, with another estimator at the end:

# %%
from pyspark.ml import Pipeline

assembler = VectorAssembler(inputCols=SIX, outputCol="features")
model = Pipeline(stages=[assembler, LogisticRegression()]).fit(fit_rows)

# %% [markdown]
# All judging in this lesson needs two columns only, the label and the probability. We bring them
# to the notebook as arrays, `y` and `p`.

# %%
judged = model.transform(validation).cache()


def label_and_probability(scored):
    return scored.select("label", p_yes).toPandas().to_numpy().T


y, p = label_and_probability(judged)

# %% [markdown]
# ## From probability to class
#
# Mara can't visit a host with probability 0.4. She drives or she does not. A *threshold* turns the
# probability into a class: those above it are called superhosts. Spark takes 0.5 unless you say
# otherwise. A listing then falls into one of four boxes.
#
# **Predict:** which of the two kinds of mistakes is more frequent, a drive for nothing or a missed
# superhost?

# %%
called = p > 0.5
tp, fp = (called & (y == 1)).sum(), (called & (y == 0)).sum()
fn, tn = (~called & (y == 1)).sum(), (~called & (y == 0)).sum()
draw.confusion([[tn, fp], [fn, tp]], ["no badge", "superhost"])

# %% [markdown]
# This is the *confusion matrix*. Its boxes have names: true and false *positives* are the listings
# that were called superhosts, rightly or not, and true and false *negatives* the others. From the
# four counts come four well-known metrics:

# %% tags=["nbval-check-output"]
accuracy = (tp + tn) / len(y)
precision, recall = tp / (tp + fp), tp / (tp + fn)
f1 = 2 * precision * recall / (precision + recall)
print(f"accuracy  {accuracy:.3f}  right, of all listings")
print(f"precision {precision:.3f}  superhosts, of those called so")
print(f"recall    {recall:.3f}  called so, of all superhosts")
print(f"F1        {f1:.3f}  the harmonic mean of the last two")
print(f"Saying nobody is one: accuracy {1 - y.mean():.3f}, recall 0")

# %% [markdown]
# For Mara, precision is the share of her drives that end with a contract, and recall the share of
# the possible contracts that she gets. The last line is the baseline. A model has to beat it, and
# with accuracy alone the baseline already looks respectable.
#
# F1 is high only if both precision and recall are. It is a compromise for those who cannot say
# what each mistake costs.
#
# Now the same by Spark. There is a trap in it: which of these numbers is *not* the one above?

# %% tags=["nbval-check-output"]
from pyspark.ml.evaluation import MulticlassClassificationEvaluator

for name in ("accuracy", "precisionByLabel", "recallByLabel",
             "fMeasureByLabel", "f1"):
    by = MulticlassClassificationEvaluator(metricName=name, metricLabel=1.0)
    print(f"{name:16} {by.evaluate(judged):.3f}")

# %% [markdown]
# It is the last. `f1`, which is also the default of this evaluator, is an average over *both*
# classes, weighted by their size; so are `weightedPrecision` and `weightedRecall`. The metrics of
# one class end with `ByLabel`, and `metricLabel` says which class. Its default is 0, the negatives.
#
# ## Metrics without a threshold
#
# So far we have judged the model at one threshold. Three metrics judge the probabilities
# themselves. The first you know already, the log loss. The second is about order:
#
# **ROC AUC** is the probability that a superhost gets a higher score than another listing, if you
# draw one of each. We can try all pairs:

# %% tags=["nbval-check-output"]
yes, no = p[y == 1], p[y == 0]
higher = (yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2
print(f"{len(yes) * len(no):,} pairs; {higher:.3f} in the right order")

# %% [markdown]
# `yes[:, None] > no` compares each superhost with each other listing; a tie counts as half. 0.5 is
# what a coin gets, and 1 is perfect.
#
# The name comes from another way to compute it. Let the threshold fall from 1 to 0, and draw
# recall (here also called *true positive rate*) over the share of the others that is called by
# mistake (*false positive rate*). That is the ROC curve, and AUC is the area under it. Precision
# over recall gives another curve, with an area of its own, **PR AUC**:

# %%
order = np.argsort(-p, kind="stable")
last = np.append(np.diff(p[order]) != 0, True)  # the last one of equal scores

# %% [markdown]
# The listings stand in the order of their scores now. If the threshold lies right after one of
# them, all before it are called: `calls` counts them, and `hits` those that are superhosts.

# %%
hits, calls = np.cumsum(y[order])[last], np.arange(1, len(y) + 1)[last]
curve = {"recall": hits / hits[-1], "precision": hits / calls,
         "false": (calls - hits) / (calls - hits)[-1]}

# %% [markdown]
# **Predict:** a coin also has two curves. Where do they run?

# %%
draw.roc_and_pr(curve, y.mean(), point=(fp / (fp + tn), recall, precision))

# %% [markdown]
# Every dot on a curve is a threshold, and the large one is where we stand, at 0.5. With another
# threshold you walk along the curve: more recall costs false alarms on the left, and precision on
# the right. A better *model* moves the curve itself. The dashed lines are what a coin does. On the
# right this is the share of superhosts, so PR AUC has to be read beside that share.
#
# Now all three by hand and by Spark. `logs` are the logarithms of what was given to the truth, and
# `np.trapezoid` adds up the area under the right curve, strip by strip:

# %% tags=["nbval-check-output"]
from pyspark.ml.evaluation import BinaryClassificationEvaluator

logs = np.log(np.where(y == 1, p, 1 - p))
pr_by_hand = np.trapezoid(np.append(curve["precision"][0], curve["precision"]),
                          np.append(0, curve["recall"]))
for name, by_hand in (("areaUnderROC", higher), ("areaUnderPR", pr_by_hand)):
    by = BinaryClassificationEvaluator(metricName=name)
    print(f"{name:12} by hand {by_hand:.3f}, Spark {by.evaluate(judged):.3f}")
by = MulticlassClassificationEvaluator(metricName="logLoss")
print(f"{'logLoss':12} by hand {-logs.mean():.3f}, "
      f"Spark {by.evaluate(judged):.3f}")

# %% [markdown]
# `BinaryClassificationEvaluator` reads `rawPrediction`, as an area needs scores. If you give it the
# column `prediction`, with zeros and ones only, it draws a curve with a single corner and returns
# a number that means little.
#
# ## Choose a metric for an objective
#
# No metric is the best. The question is always: what will be done with the prediction?
#
# **Predict:** accuracy, precision, recall, F1, log loss, ROC AUC or PR AUC? Choose one for each of
# these before you open the answers.
#
# 1. A health office looks for hosts with dangerous gas heaters. A visit takes ten minutes, and a
#    heater that nobody finds can kill.
# 2. A magazine prints the names of "this year's superhosts" before the badges are given. Each
#    wrong name needs an apology in print.
# 3. An insurer multiplies the probability by an amount of money, listing by listing, and adds it
#    all up.
# 4. A call center phones hosts from the top of a list until the day is over. Nobody can say how
#    far down the list that will be.
#
# <details><summary>Answers</summary>
#
# 1. **Recall.** What counts is how many of the dangerous ones are found; false alarms are cheap.
# 2. **Precision.** What counts is how many of the printed names are right.
# 3. **Log loss.** The probabilities themselves are used. Neither an order nor a class is enough.
# 4. **ROC AUC.** Only the order is used, and no threshold is known. If superhosts were rare, PR
#    AUC would be the better choice: ROC AUC divides the false alarms by the huge number of
#    negatives, and looks good while most of the calls are for nothing.
#
# Accuracy is for classes of similar size with mistakes that cost the same. F1 is for rare
# positives with costs that nobody can name.
# </details>
#
# Mara *can* name them, so she needs none of these.
#
# ## What a mistake costs
#
# A drive for nothing costs Mara 20 dollars. A superhost whom she does not visit costs her 40,
# which is what the contract would have brought after the drive was paid. The other two boxes cost
# nothing. This is a *cost matrix*.

# %%
DRIVE, MISSED = 20, 40

# %% [markdown]
# What each listing costs at a threshold:

# %%
def dollars(y, p, threshold):
    called = p > threshold
    return DRIVE * (called & (y == 0)) + MISSED * (~called & (y == 1))


# %% [markdown]
# **Predict:** is the cheapest threshold above 0.5 or below?
#
# We try some on the validation rows. (Not on the test rows: a threshold that was chosen on them
# could not be judged by them.)

# %%
thresholds = np.round(np.arange(0.05, 0.96, 0.05), 2)
costs = [dollars(y, p, t).mean() for t in thresholds]
best = thresholds[np.argmin(costs)]
draw.costs(thresholds, costs, theory=DRIVE / (DRIVE + MISSED))

# %% [markdown]
# At the left end Mara visits everybody, at the right end nobody. The cheapest place is below 0.5,
# since a missed superhost costs more than a drive.
#
# The dotted line needs no search. A drive to a host with probability $p$ costs
# $(1 - p) \cdot 20$ dollars on average, and no drive costs $p \cdot 40$. The drive is cheaper if
# $p > 20 / (20 + 40)$, one third. But if you can compute the threshold, why is the cheapest one in
# the picture not exactly there? Partly it is chance, as these are not many rows. But the rule also
# assumes that $p$ *is* a probability: that of the listings with $p = 0.33$, a third are superhosts.
# We have not checked that.
#
# To make Spark use a threshold, set it on the model; then `prediction` follows it.

# %% tags=["nbval-check-output"]
for threshold in (0.5, float(best)):
    model.stages[-1].setThreshold(threshold)
    visits = model.transform(validation).filter("prediction = 1").count()
    print(f"threshold {threshold}: {visits} visits")

# %% [markdown]
# **Exercise 2.** The competitor closes, and a missed superhost costs only 10 dollars, as she will
# come later by herself. Where is the cheapest threshold now? Compute it, then change `MISSED` and
# run the cells again. Put it back afterwards.
#
# <details><summary>Answer</summary>
#
# $20 / (20 + 10)$, two thirds. Mara should drive only where a badge is probable.
# </details>
#
# ## Is a probability of 0.5 one half?
#
# A model is *calibrated* if its probabilities come true. To see it, sort the listings by `p`, cut
# them into ten groups of equal size, and compare in each group what was predicted with the share
# of superhosts that is there.
#
# **Predict:** the fit has minimized the log loss. Will all ten dots lie on the diagonal?

# %%
draw.reliability({"logistic regression": (y, p)}, "on validation rows")

# %% [markdown]
# They do not, and in places they are far off. The model's *average* probability is right, since a
# fit with an intercept makes sure of that. But it is too low in some groups and too high in
# others.
#
# There are two usual repairs. Both learn a second, tiny model that has one input, what the first
# model says, and learn it from rows that the first model has not learned from: the validation
# rows.
#
# - *Platt scaling* is a logistic regression on the log-odds. It can shift and stretch the S.
# - *Isotonic regression* is any staircase that never goes down. It can bend as it likes, so it
#   needs more rows.

# %%
log_odds = vector_to_array("rawPrediction")[1].alias("log_odds")
to_vector = VectorAssembler(inputCols=["log_odds"], outputCol="input")


def first_answers(scored):
    return to_vector.transform(scored.select("label", p_yes, log_odds)).cache()


# %%
from pyspark.ml.regression import IsotonicRegression

before = first_answers(judged)
stairs = IsotonicRegression(featuresCol="p", predictionCol="isotonic")
sigmoid = LogisticRegression(featuresCol="input", probabilityCol="platt")
isotonic, platt = stairs.fit(before), sigmoid.fit(before)

# %% [markdown]
# The validation rows have chosen a threshold and taught two repairs, so they can't judge any more.
# It is time for the test rows. We open them once, for all that we want to know about this model.

# %%
unseen = first_answers(model.transform(test))
after = isotonic.transform(platt.transform(unseen))
final = after.select("label", "p", "isotonic", vector_to_array("platt")[1])
y_new, p_new, by_isotonic, by_platt = final.toPandas().to_numpy().T
draw.reliability({"before": (y_new, p_new), "Platt": (y_new, by_platt),
                  "isotonic": (y_new, by_isotonic)}, "on test rows")

# %% [markdown]
# Platt scaling changes next to nothing: the S was not too steep or too flat, it has the wrong
# shape. The staircase can follow another shape, and moves the dots toward the diagonal.
#
# Is it worth money? Three ways to choose Mara's visits, and for each how much it saves compared
# with the threshold 0.5. An interval from the *bootstrap* (lesson 12) says how sure that is: draw
# the test rows again and again with replacement, and see between which two values 95 % of the
# results lie.

# %%
def interval(measure, n):
    rng = np.random.default_rng(20)
    values = [measure(rng.integers(0, n, n)) for _ in range(500)]
    return np.quantile(values, [0.025, 0.975])


# %% tags=["nbval-check-output"]
half = dollars(y_new, p_new, 0.5)
everybody, nobody = (dollars(y_new, p_new, t).mean() for t in (0, 1))
print(f"at 0.5: ${half.mean():.2f} a listing; visit all: "
      f"${everybody:.2f}; none: ${nobody:.2f}")
for name, said, t in (("chosen on validation rows", p_new, best),
                      ("one third, uncalibrated", p_new, 1 / 3),
                      ("one third, isotonic", by_isotonic, 1 / 3)):
    saved = half - dollars(y_new, said, t)
    low, high = interval(lambda rows, s=saved: s[rows].mean(), len(saved))
    print(f"{name:26} saves ${saved.mean():.2f} ({low:.2f} to {high:.2f})")

# %% [markdown]
# An interval that does not contain 0 is a saving that you can rely on. Where the three intervals
# overlap widely, these rows do not tell which way is best. But there is a difference in what you
# can do later: a threshold that was searched for holds for these costs only. With calibrated
# probabilities you compute a new one whenever the costs change.
#
# ## Linear in what?
#
# Why was the shape wrong? Logistic regression draws curves, but only of the probability. The
# log-odds are a weighted sum of the columns, and so the border between the classes, where the
# log-odds are 0, is a straight line; with three columns it is a plane.
#
# It is straight in *the columns that you give it*. Another column gives another border. We fit two
# models of two columns each: the rating and the number of reviews, and the rating and the
# logarithm of that number.

# %%
with_log = fit_rows.withColumn("log_reviews", F.log1p("number_of_reviews"))


def of_two(columns):
    vector = VectorAssembler(inputCols=columns, outputCol="features")
    return Pipeline(stages=[vector, LogisticRegression()]).fit(with_log)


plain = of_two(["review_scores_rating", "number_of_reviews"])
curved = of_two(["review_scores_rating", "log_reviews"])

# %% [markdown]
# `F.log1p` is the logarithm of 1 + n, as some listings have no reviews. Here are both borders:

# %%
two = with_log.select("number_of_reviews", "review_scores_rating", "label")
draw.borders(two.toPandas(), plain.stages[-1], curved.stages[-1])

# %% [markdown]
# Look where superhosts really live: above some rating *and* beyond the first few reviews, a corner
# of the picture. A straight border can't follow a corner. With the logarithm it bends.
#
# **Predict:** does that show in the metrics?

# %% tags=["nbval-check-output"]
new = validation.withColumn("log_reviews", F.log1p("number_of_reviews"))
auc = BinaryClassificationEvaluator()
loss = MulticlassClassificationEvaluator(metricName="logLoss")
for name, fitted in {"rating, reviews": plain, "the six columns": model,
                     "rating, log(reviews)": curved}.items():
    scored = fitted.transform(new)
    print(f"{name:21} ROC AUC {auc.evaluate(scored):.3f}, "
          f"log loss {loss.evaluate(scored):.3f}")

# %% [markdown]
# Compare the two steps. From the first line to the second, somebody had to collect four more
# columns. From the first to the third, we changed the scale of a column that was there already. So
# before you blame the method, ask what it is linear in.
#
# ### A look at the truth
#
# Groups of listings are a detour: nobody can tell the true probability of a single one. For one
# data set of this course we can. Whether a customer in `churn` leaves was drawn with a probability
# that `get_truth` knows. A high price makes customers leave there, but only those with a monthly
# contract. Can a weighted sum say "only"?

# %%
from course_utils import get_truth, load

monthly = (F.col("contract") == "monthly").cast("double")
customers = load("churn").coalesce(1).withColumns({
    "label": (F.col("churned") == "yes").cast("double"), "monthly": monthly,
    "by_check": (F.col("payment") == "check").cast("double"),
    "price_if_monthly": monthly * F.col("monthly_price")}).cache()
known, unknown = (customers.filter(f"customer_id % 4 {rule} 0").cache()
                  for rule in ("!=", "="))

# %% [markdown]
# `price_if_monthly` is a product of two columns, an *interaction*: it is the price for a monthly
# contract and 0 for any other. With it the model can give the price two different coefficients.

# %%
FIVE = ["support_calls", "months", "monthly", "by_check", "monthly_price"]
SIXTH = "price_if_monthly"


def p_of_leaving(columns):
    vector = VectorAssembler(inputCols=columns, outputCol="features")
    fitted = Pipeline(stages=[vector, LogisticRegression()]).fit(known)
    return label_and_probability(fitted.transform(unknown))[1]


# %% [markdown]
# **Predict:** without the interaction, for which customers is the probability far off?

# %%
truth = get_truth("churn")
ids = [row["customer_id"] for row in unknown.select("customer_id").collect()]
true_p = truth.probability.loc[ids].to_numpy()
said = {"five columns": p_of_leaving(FIVE),
        "and price if monthly": p_of_leaving([*FIVE, SIXTH])}
draw.truth(true_p, said)

# %% [markdown]
# On the left there are dots high above the diagonal: customers with a high price but a long
# contract, who will hardly leave. The model charges them for the price as it does everybody else.
# On the right they are gone, and the dots lie close to the diagonal. What is left comes from
# chance, and from a column that we did not give (how much data they use).
#
# Now the order. **Predict:** what is the ROC AUC of somebody who knows every true probability?

# %% tags=["nbval-check-output"]
leaves = np.array([row["label"] for row in unknown.select("label").collect()])
print(f"the truth can expect a ROC AUC of {truth.best_auc(ids):.3f}")
for name, guess in {**said, "the truth": true_p}.items():
    pairs = (guess[leaves == 1][:, None] > guess[leaves == 0]).mean()
    off = np.sqrt(np.mean((guess - true_p) ** 2))
    print(f"{name:21} ROC AUC {pairs:.3f}, off the true p by {off:.3f}")

# %% [markdown]
# Even the truth is far from 1: if a customer leaves with probability 0.6, nobody can know whether
# she will. `best_auc` says what it gets on average, over all the answers that chance could have
# given. With the answers of these customers it happens to be a little more or less. So compare the
# models with the last line, and do not wonder if one of them beats the truth by a hair: chance can
# favor another order than the true one. Note how small the differences in AUC are, and how large
# those of the probabilities. AUC sees the order only.

# %% [markdown]
# ## When the positives are rare
#
# Mara also has a golden package for the most expensive twentieth of the listings. Some hosts have
# not set a price yet, so a model has to find the expensive ones by size, place and reviews.
#
# **Predict:** 95 of 100 listings are not expensive. What will a model do that wants to be right as
# often as possible? What would you do about it?

# %%
cut = fit_rows.agg(F.percentile("price", F.lit(0.95))).first()[0]
SIZE = ["accommodates", "bedrooms", "bathrooms", "beds", "number_of_reviews",
        "review_scores_location", "minimum_nights"]
to_size = VectorAssembler(inputCols=SIZE, outputCol="features")

# %% [markdown]
# `cut` is the price that 95 of 100 listings stay below. Then the label, for all three kinds of
# rows:

# %% tags=["nbval-check-output"]
def golden(rows):
    label = (F.col("price") > cut).cast("double").alias("label")
    return to_size.transform(rows.select(*SIZE, label)).cache()


rare, rare_validation, rare_test = map(golden, (fit_rows, validation, test))
share = rare.agg(F.avg("label")).first()[0]
print(f"Above ${cut:.0f}: {share:.1%} of the listings")

# %% [markdown]
# There are three common remedies that change what the model learns from, so that both classes
# weigh the same:
#
# - **Weights.** Each expensive listing counts as often as there are cheap ones to it
#   (`weightCol`). No row is lost.
# - **Under-sampling.** Throw cheap listings away until there are as many as expensive ones.
# - **Over-sampling.** Repeat the expensive ones. (*SMOTE* makes up new ones between two real ones
#   instead of repeating; Spark ML has no class for it.)
#
# Only rows to *fit* are changed. Validation and test rows stay as the world is.

# %%
times = (1 - share) / share
weight = F.when(F.col("label") == 1, times).otherwise(1.0)
copies = F.when(F.col("label") == 1, round(times)).otherwise(1)
learn_from = {
    "as it is": rare,
    "weights": rare.withColumn("weight", weight),
    "under-sampling": rare.sampleBy("label", {0: 1 / times, 1: 1}, seed=20),
    "over-sampling": rare.withColumn(
        "copy", F.explode(F.array_repeat(F.lit(1), copies)))}

# %% [markdown]
# `sampleBy` keeps a share of each class. `array_repeat` makes a list with as many entries as
# copies are wanted, and `explode` a row of each entry. The fourth remedy changes nothing in the
# rows and moves the threshold of the first model instead, to where F1 is largest on the validation
# rows.

# %%
plain_lr = LogisticRegression()
weighted_lr = LogisticRegression(weightCol="weight")
fitted = {name: (weighted_lr if name == "weights" else plain_lr).fit(rows)
          for name, rows in learn_from.items()}

# %% [markdown]
# Of the metrics for rare positives we take F1. In counts it is twice the hits, divided by all that
# are called plus all that are there:

# %%
def f1_score(y, called):
    return 2 * (called & (y == 1)).sum() / max(called.sum() + (y == 1).sum(), 1)


# %% [markdown]
# And the threshold that is best for it, on the validation rows:

# %%
def best_threshold(model):
    y, p = label_and_probability(model.transform(rare_validation))
    grid = np.arange(0.02, 0.98, 0.02)
    return grid[np.argmax([f1_score(y, p > t) for t in grid])]


# %% [markdown]
# To be fair, one of the other models gets a moved threshold as well. Then the test rows, once, for
# all six ways:

# %%
ways = {name: (model, 0.5) for name, model in fitted.items()}
for of, name in (("as it is", "threshold moved"),
                 ("weights", "weights, moved")):
    ways[name] = (fitted[of], best_threshold(fitted[of]))
answers = {name: label_and_probability(model.transform(rare_test))
           for name, (model, _) in ways.items()}

# %% [markdown]
# A table of six lines, each with an interval for F1, the area under the ROC curve, and the mean of
# the probabilities:

# %% tags=["nbval-check-output"]
print(f"{'':16} prec. recall  F1 (95 % interval)   AUC  mean p")
for name, (_, t) in ways.items():
    y_r, p_r = answers[name]
    on = p_r > t
    low, high = interval(lambda i, y=y_r, on=on: f1_score(y[i], on[i]), len(on))
    print(f"{name:16} {y_r[on].mean():.2f}  {on[y_r == 1].mean():.2f}   "
          f"{f1_score(y_r, on):.2f} ({low:.2f} to {high:.2f})  "
          f"{auc.evaluate(ways[name][0].transform(rare_test)):.3f}  "
          f"{p_r.mean():.2f}")

# %% [markdown]
# And where the six stand on the precision–recall curve of the first model:

# %%
y_r, p_r = answers["as it is"]
draw.ways(y_r, p_r, {n: (answers[n][1] > t) for n, (_, t) in ways.items()})

# %% [markdown]
# The remedies land on nearly the same curve, at different places. The column AUC says it, too: the
# *order* of the listings hardly changes. What weights and sampling move is the intercept, and with
# it all log-odds: for a model that is linear, that is nearly the same as another threshold. And
# they have a price, in the last column: the mean probability should be one twentieth, and now
# it is several times that. They are no longer probabilities. An interval of F1 as wide as this one
# also warns you: with so few positives in the test rows, small differences mean nothing.
#
# So: first choose the metric (with rare positives precision, recall, F1 or PR AUC, never
# accuracy), then move the threshold. Weights are for models that would otherwise ignore the rare
# class while they learn, such as trees. Under-sampling is for more rows than you can pay for;
# calibrate afterwards.
#
# **Exercise 3.** Change the `seed` of the under-sampling a few times. How much do its precision
# and recall move, and why does nothing else move?
#
# <details><summary>Answer</summary>
#
# Under-sampling keeps about as many cheap listings as there are expensive ones, some hundreds, and
# another seed keeps others. The model inherits that chance. Weights and over-sampling use all
# rows, so they have no seed.
# </details>
#
# ## More than two classes
#
# `room_type` has three values. Logistic regression then keeps one weighted sum per class, and the
# *softmax* turns them into probabilities that add up to 1: take the exponential of each and divide
# by their total. With `family="multinomial"` you ask for that; `"auto"`, the default, finds out by
# itself.

# %%
from pyspark.ml.feature import StringIndexer

ROOM = ["accommodates", "bedrooms", "bathrooms", "beds", "log_price"]
stages = [StringIndexer(inputCol="room_type", outputCol="kind"),
          VectorAssembler(inputCols=ROOM, outputCol="room_features"),
          LogisticRegression(featuresCol="room_features", labelCol="kind",
                             family="multinomial")]
priced = [rows.withColumn("log_price", F.log("price"))
          for rows in (fit_rows, validation)]
rooms = Pipeline(stages=stages).fit(priced[0])

# %% [markdown]
# For the first listing of the validation rows, by hand and by Spark:

# %% tags=["nbval-check-output"]
by_room = rooms.transform(priced[1]).cache()
kinds, row = rooms.stages[0].labels, by_room.first()
sums = row["rawPrediction"].toArray()
softmax = np.exp(sums) / np.exp(sums).sum()
for kind, by_hand, p_kind in zip(kinds, softmax, row["probability"],
                                 strict=True):
    print(f"{kind:16} by hand {by_hand:.4f}, Spark {p_kind:.4f}")

# %% [markdown]
# **Predict:** one listing in forty is a shared room. How many of them will this model find?

# %%
pairs = by_room.select("kind", "prediction").toPandas().astype(int)
counts = np.zeros((len(kinds), len(kinds)), dtype=int)
np.add.at(counts, (pairs["kind"], pairs["prediction"]), 1)
draw.confusion(counts, kinds)

# %% tags=["nbval-check-output"]
right = np.trace(counts) / counts.sum()
print(f"accuracy {right:.3f}; always '{kinds[0]}': "
      f"{counts[0].sum() / counts.sum():.3f}")
for kind, line_of in zip(kinds, counts, strict=True):
    place = kinds.index(kind)
    print(f"recall of {kind:16} {line_of[place] / max(line_of.sum(), 1):.2f}")

# %% [markdown]
# The recall of the last class tells you what the accuracy hides: a class with one row in forty can
# be missed completely, and the accuracy hardly moves. In Spark, `recallByLabel` with `metricLabel`
# gives these numbers, and `weightedRecall` is the accuracy under another name.
#
# ## What you know now
#
# - Logistic regression is a line for the log-odds. The sigmoid makes a probability of it, and a
#   threshold makes a class.
# - Accuracy, precision, recall and F1 judge one threshold. ROC AUC and PR AUC judge the order, log
#   loss the probabilities. What will be done with the prediction decides which one you need.
# - If you know what mistakes cost, choose the threshold by cost, on validation rows. With
#   calibrated probabilities you can compute it.
# - The border is straight in the columns that you give. Another column bends it.
# - Against imbalance: another metric and another threshold first. Weights and sampling do much the
#   same to a linear model, and spoil its probabilities.
#
# **On Databricks**
#
# - The classes are the same there. On compute in standard access mode, from Databricks Runtime
#   17.0 on, `pyspark.ml` works, but not the older `pyspark.mllib` with its
#   `BinaryClassificationMetrics`.
# - `mlflow.models.evaluate` with `model_type="classifier"` computes accuracy, precision, recall, F1
#   and ROC AUC, and logs the confusion matrix and both curves as pictures.
# - `databricks.automl.classify` compares models by `primary_metric`, which is `"f1"` unless you
#   set it. From runtime 11.3 LTS ML on it notices an imbalance, and under-samples the large class
#   *and* weights what is left, so that the probabilities stay right. It changes training rows only.
# - Since runtime 18.0 ML, AutoML is not built in any more. Exam questions may still name it.
#
# **Exam:** how to mitigate an imbalance of classes; F1, log loss, ROC AUC and PR AUC, and how to
# get them; which metric suits which objective; for which problems logistic regression is the
# right algorithm
#
# **Check yourself:** a model for fraud has a ROC AUC of 0.98, and its users say that nine of ten
# alarms are false. Can both be true? Which metric should have been on the slide?
#
# <details><summary>Answer</summary>
#
# Yes. AUC compares a random fraud with a random honest payment, and does not ask how many of each
# there are. If one payment in a thousand is a fraud, then 1 % of false alarms among the honest ones
# are ten alarms for each fraud. Precision was due on the slide, at the threshold in use, or PR AUC
# for the whole curve.
# </details>
#
# **Next:** the lab, in which you find superhosts with a search, a threshold and a metric of your
# own. Then lesson 21, which recommends places to people.
