# %% [markdown]
# # 07 · Linear regression II
#
# **The question of this notebook:** how does a line use words such as a neighborhood, and how do
# you judge a model that predicts a logarithm?
#
# - **Time:** 40 minutes; the lab takes 25 more
# - **You will:** turn categories into numbers without inventing an order; keep all steps in one
#   pipeline; predict log(price) and judge it in dollars; choose a penalty without looking at
#   the test rows
# - **Before you start:** lesson 06
# - **Data:** `listings`, now with its text columns
# - **Exam:** 2025-25, 2025-26, 2025-27, 2025-30, 2025-31, 2025-39, 2025-40, 2025-41;
#   earlier guide S2, S3

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import OneHotEncoder, RFormula, StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

from course_utils import get_spark, get_truth, load_split, make_work_dir, show

spark = get_spark("07_linear_regression_2")

# %% [markdown]
# ## Three parts
#
# This notebook compares many models. Rows that choose between models are no longer new to the
# winner, so a fifth of the training rows does the choosing, and the test rows stay closed until
# the end. We mostly predict log(price).

# %% tags=["nbval-check-output"]
train, test = load_split("listings")
held = F.pmod(F.hash("latitude", "longitude", "accommodates"), F.lit(5)) == 0
logs = train.withColumn("log_price", F.log("price")).cache()
learn, valid = logs.filter(~held), logs.filter(held)
print(f"{learn.count():,} rows to learn from, {valid.count():,} to choose by, test rows closed")

# %% [markdown]
# ## 1, 2, 3?
#
# A neighborhood is *categorical*: names without an order. A room type can be read as *ordinal*:
# from the whole place over a private room to a shared one, privacy falls step by step. A model
# wants numbers, and `StringIndexer`, an estimator, gives them: 0 to the most frequent name, and
# so on.

# %%
NUMBERED = {"room_type": "room_no", "neighbourhood_cleansed": "place_no"}
indexer = StringIndexer(inputCols=list(NUMBERED), outputCols=list(NUMBERED.values())).fit(learn)
indexed = indexer.transform(learn)
few = indexed.select(*NUMBERED, *NUMBERED.values()).dropDuplicates(["room_no"])
few.orderBy("room_no").show(truncate=False)

# %% [markdown]
# `OneHotEncoder` turns a number into a column of zeros and ones per category instead. To compare,
# we fit log(price) to one text column alone. A `Pipeline`, more of which below, runs the steps in
# a row.

# %%
def one_column(column, order, chosen):
    return [StringIndexer(inputCol=column, outputCol="number", stringOrderType=order,
                          handleInvalid="keep"),
            OneHotEncoder(inputCol="number", outputCol="one-hot"),
            VectorAssembler(inputCols=[chosen], outputCol="features"),
            LinearRegression(labelCol="log_price")]


def error_of(stages):
    return rmse.evaluate(Pipeline(stages=stages).fit(learn).transform(valid))


# %% [markdown]
# **Predict:** for which of the two columns do plain numbers lose most? And does it matter in
# which order they are given out?

# %% tags=["nbval-check-output"]
rmse = RegressionEvaluator(labelCol="log_price")
mean_log = learn.agg(F.avg("log_price")).first()[0]
errors = pd.DataFrame({c: {
    "the mean": rmse.evaluate(valid.withColumn("prediction", F.lit(mean_log))),
    "by count": error_of(one_column(c, "frequencyDesc", "number")),
    "by alphabet": error_of(one_column(c, "alphabetAsc", "number")),
    "one-hot": error_of(one_column(c, "frequencyDesc", "one-hot"))} for c in NUMBERED}).T
print(errors.round(3).to_string())

# %% [markdown]
# Errors of log(price), on new rows. How much of what one-hot gains over the mean do numbers keep?

# %% tags=["nbval-check-output"]
gain = errors.rsub(errors["the mean"], axis=0)
share = gain[["by count", "by alphabet"]].div(gain["one-hot"], axis=0)
print(share.map("{:.0%}".format).to_string())

# %% [markdown]
# Numbers say that category 2 lies as far above 1 as 1 above 0. Where steps of privacy are about
# equal, that is nearly true, and one coefficient is enough; a share above 100% is luck on these
# rows. For names it is an invention: a line through them has nothing to follow, and another order
# is another model.

# %%
seen = indexed.select(*NUMBERED.values(), "log_price").toPandas()
fig, axes = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True)
for ax, (column, number) in zip(axes, NUMBERED.items(), strict=True):
    means = seen.groupby(number)["log_price"].mean()
    line = np.poly1d(np.polyfit(seen[number], seen["log_price"], 1))
    ax.plot(means, "o", label="mean of a category")
    ax.plot(means.index, line(means.index), color="black", label="the line")
    ax.set(title=f"{column}: keeps {share.loc[column, 'by count']:.0%}", xlabel="number by count")
    ax.locator_params(axis="x", integer=True)
axes[0].set_ylabel("log(price)")
axes[1].legend()
show(fig, alt="Mean log price over the number of a category, with the fitted line. Share of the "
     f"gain of one-hot that the line keeps: {share['by count'].map('{:.0%}'.format).to_dict()}.")

# %% [markdown]
# ## One-hot
#
# What do the vectors look like?

# %%
encoder = OneHotEncoder(inputCol="room_no", outputCol="room_vec").fit(indexed)
rooms = encoder.transform(indexed).select("room_type", "room_no", "room_vec")
rooms.distinct().orderBy("room_no").show(truncate=False)

# %% [markdown]
# `(2,[0],[1.0])` reads: two places, place 0 holds 1.0, the rest zeros. The last category has no
# place of its own (`dropLast`): all zeros mean *it*, the **reference**, and each coefficient is a
# difference from it. **Predict:** if StringIndexer counts from the rarest, what changes:
# coefficients, error, both?

# %% tags=["nbval-check-output"]
for order in ("frequencyDesc", "frequencyAsc"):
    stages = [StringIndexer(inputCol="room_type", outputCol="no", stringOrderType=order),
              OneHotEncoder(inputCol="no", outputCol="features"),
              LinearRegression(labelCol="log_price")]
    fitted = Pipeline(stages=stages).fit(learn)
    *names, reference = fitted.stages[0].labels
    effects = dict(zip(names, fitted.stages[2].coefficients.tolist(), strict=True))
    print(f"Reference {reference}, RMSE {rmse.evaluate(fitted.transform(valid)):.3f}:",
          ", ".join(f"{name} {effect:+.2f}" for name, effect in effects.items()))

# %% [markdown]
# The same model in other words. A rare reference makes all coefficients uncertain; to read them,
# make the most frequent category the last one.
#
# ## Sparse or dense
#
# Nearly all entries are zero. A *dense* vector stores them, a *sparse* one stores place and value
# of the others. We let Spark's cache hold 500 rows of each and ask for its size.

# %%
def cached_bytes():
    return sum(kept.memSize() for kept in spark.sparkContext._jsc.sc().getRDDStorageInfo())


def bytes_per_row(frame):
    before, rows = cached_bytes(), frame.cache().count()
    return (cached_bytes() - before) / rows


# %% [markdown]
# Each row holds a single 1, however many categories there are.

# %%
def one_hot(width):
    numbers = spark.range(500).selectExpr(f"DOUBLE({width - 1} - id % {width}) AS number")
    encoder = OneHotEncoder(inputCol="number", outputCol="vector", dropLast=False).fit(numbers)
    return encoder.transform(numbers).select("vector")


# %% [markdown]
# **Predict:** from how many categories on does sparse pay?

# %%
from pyspark.ml.functions import array_to_vector, vector_to_array

to_dense = array_to_vector(vector_to_array("vector"))
sizes = pd.DataFrame({width: {
    "sparse": bytes_per_row(one_hot(width)),
    "dense": bytes_per_row(one_hot(width).select(to_dense)),
} for width in (2, 10, 100, 1000, 4000)}).T

# %%
ax = sizes.plot(loglog=True, style=["o-", "s--"], xlabel="categories (log scale)",
                ylabel="bytes per row (log scale)", title="Memory of a one-hot vector in the cache")
few, many = sizes.iloc[0], sizes.iloc[-1]
show(ax, alt=f"Bytes per row over the number of categories. Sparse: {few['sparse']:.0f} to "
     f"{many['sparse']:.0f} bytes; dense: {few['dense']:.0f} to {many['dense']:.0f}.")
print(f"{sizes.index[-1]} categories: dense takes {many['dense'] / many['sparse']:.0f} times the "
      f"memory of sparse; {sizes.index[0]} categories: {few['dense'] / few['sparse']:.1f} times")

# %% [markdown]
# A sparse entry costs 12 bytes, a dense one 8, so sparse wins when fewer than about two thirds of
# the entries are set. `VectorAssembler` stores each row in the smaller form.
#
# ## When one-hot is the wrong tool
#
# - An ordinal column with about equal steps needs one number.
# - Trees split numbers wherever they like; one-hot gives them many weak columns instead.
# - **Too many categories**: each column rests on few rows. With one-hot alone, a linear model
#   predicts each category's mean, so we can see it with means: of map squares, ever smaller.

# %%
known = (~held).alias("known")
places = logs.select("latitude", "longitude", "log_price", known).toPandas()


def square_errors(per_degree):
    square = np.floor(places[["latitude", "longitude"]] * per_degree).agg(tuple, axis=1)
    means = places[places["known"]].groupby(square)["log_price"].mean()
    squared = (places["log_price"] - square.map(means).fillna(mean_log)) ** 2
    new, known = np.sqrt(squared.groupby(places["known"]).mean())
    return len(means), known, new, 1 - square[~places["known"]].isin(means.index).mean()


# %% [markdown]
# **Predict:** which curve keeps falling as squares shrink, and which turns?

# %%
grid = pd.DataFrame([square_errors(n) for n in (25, 50, 100, 200, 400, 800, 1600)],
                    columns=["columns", "rows learned from", "new rows", "unseen"])
ax = grid.plot(x="columns", y=["rows learned from", "new rows"], logx=True, style=["o-", "s--"],
               xlabel="squares, one column each (log scale)", ylabel="RMSE of log(price)",
               title="More categories than the rows can carry")
first, last = grid.iloc[0], grid.iloc[-1]
show(ax, alt=f"RMSE over the number of map squares. On rows learned from it goes from "
     f"{first.iloc[1]:.2f} to {last.iloc[1]:.2f}, on new rows from {first.iloc[2]:.2f} to "
     f"{last.iloc[2]:.2f}.")

# %% tags=["nbval-check-output"]
best = grid.loc[grid["new rows"].idxmin()]
print(f"new rows: least error {best['new rows']:.3f} with {best['columns']:.0f} columns; with "
      f"{last['columns']:.0f} it is {last['new rows']:.3f}, and {last['unseen']:.0%} of the new "
      "rows lie in a square never seen")

# %% [markdown]
# Better then: join rare categories, hash them, or use one column with a shrunken mean per category
# (Spark's `TargetEncoder`), learned from training rows only.
#
# ## Pipeline
#
# All text columns become one-hot, numbers stay.

# %%
TEXT = [name for name, kind in learn.dtypes if kind == "string"]
NUMBERS = [n for n, kind in learn.dtypes if kind == "double" and n not in ("price", "log_price")]
numbered, hot = [f"{name}_no" for name in TEXT], [f"{name}_vec" for name in TEXT]

# %% [markdown]
# `fit` takes the stages in turn: an estimator learns from the rows as the stages before left them,
# and its model transforms them for the next. **Predict:** how long is `features`?

# %%
encode = [StringIndexer(inputCols=TEXT, outputCols=numbered, handleInvalid="keep"),
          OneHotEncoder(inputCols=numbered, outputCols=hot),
          VectorAssembler(inputCols=[*hot, *NUMBERS], outputCol="features")]
plain = Pipeline(stages=[*encode, LinearRegression(labelCol="price")]).fit(learn)

# %% tags=["nbval-check-output"]
print(" -> ".join(type(stage).__name__ for stage in plain.stages))
width = plain.stages[-1].numFeatures
print(f"{len(TEXT)} text and {len(NUMBERS)} numeric columns became a vector of {width}")

# %% [markdown]
# A `Pipeline` is an estimator, the fitted `PipelineModel` a transformer. Whatever was learned,
# such as the indexer's names, came from `learn` alone: fitting the indexer on all rows first would
# tell it about the rows that it is judged by.
#
# ## RFormula
#
# The first three stages in one line: `label ~ columns`, where `.` means all others and `-` takes
# one away.

# %%
def with_formula(formula):
    stages = [RFormula(formula=formula, handleInvalid="keep"), LinearRegression()]
    return Pipeline(stages=stages).fit(learn)


# %% [markdown]
# Text is indexed and one-hot encoded, so both should agree.

# %% tags=["nbval-check-output"]
dollars = RegressionEvaluator(labelCol="price")
models = {"stages by hand": plain, "formula": with_formula("price ~ . - log_price")}
for name, model in models.items():
    print(f"{name:15}{model.stages[-1].numFeatures:4} columns, "
          f"RMSE ${dollars.evaluate(model.transform(valid)):.1f}")

# %% [markdown]
# The dot is generous. **Predict:** for log(price), what does forgetting `- price` do?

# %% tags=["nbval-check-output"]
log_model = Pipeline(stages=[*encode, LinearRegression(labelCol="log_price")]).fit(learn)
unpenalized = rmse.evaluate(log_model.transform(valid))
leaky = rmse.evaluate(with_formula("log_price ~ .").transform(valid))
print(f"RMSE of log(price): {unpenalized:.3f} without price, {leaky:.3f} with it")

# %% [markdown]
# The second has read the answer: worthless for a listing without a price.
#
# ## A category that nobody has seen
#
# Tonight a tenth of the listings come as yurts.

# %%
becomes_yurt = F.pmod(F.hash("longitude"), F.lit(10)) == 0
kind = F.when(becomes_yurt, "Yurt").otherwise(F.col("property_type"))
tonight = valid.withColumn("property_type", kind)
print(f"{tonight.count()} rows go in, {tonight.filter(becomes_yurt).count()} of them yurts")

# %% [markdown]
# `handleInvalid` decides. **Predict:** how many rows come back under each setting?

# %% tags=["nbval-check-output"]
for setting in ("error", "skip", "keep"):
    formula = RFormula(formula="price ~ property_type", handleInvalid=setting).fit(learn)
    back = formula.transform(tonight)
    try:
        said = len(back.select("features").collect())
    except Exception as error:
        said = "Unseen label: Yurt" if "Unseen label: Yurt" in str(error) else "another error"
    print(f"{setting:6} count() says {back.count():5}, collecting says {said}")

# %% [markdown]
# `skip` drops rows without a word: a metric afterwards is about fewer listings. `keep` gives what
# is new a number of its own, the last, whose column `dropLast` drops: a yurt has zeros everywhere,
# a price as if its kind did not matter. `error` stops, but only when the
# features are computed: `count()` does not need them. Which is right depends on the task.
#
# ## Back to dollars
#
# A log model's RMSE is in log(dollars); it must not be put beside one in dollars, and R² of
# log(price) is a share of another variance. So: `exp` first, then metrics.

# %%
def scores(price, guess):
    miss = price - guess
    return {"RMSE": np.sqrt(np.mean(miss**2)), "MAE": np.mean(np.abs(miss)),
            "R²": 1 - np.mean(miss**2) / np.var(price)}


def scored(model, rows):
    return model.transform(rows).select("price", "prediction").toPandas()


# %% [markdown]
# The mean of logarithms, taken back by `exp`, is no mean: it aims at the *median* price, which lies
# below the mean when the tail is long. Duan's **smearing factor**, the mean of exp(residual) on
# the rows learned from, lifts it. **Predict:** which of RMSE and MAE gains?

# %% tags=["nbval-check-output"]
def smear(seen):
    return np.exp(np.log(seen["price"]) - seen["prediction"]).mean()


truth = get_truth("listings")
factor, ideal = smear(scored(log_model, learn)), truth and f"{np.exp(truth.sigma**2 / 2):.3f}"
print(f"factor {factor:.3f}; from the true noise: {ideal or 'not known here'}")

# %%
price, dollar_guess = scored(plain, valid).to_numpy().T
log_guess = scored(log_model, valid)["prediction"].to_numpy()
table = pd.DataFrame({
    "plain": scores(price, dollar_guess),
    "logs against logs": scores(np.log(price), log_guess),
    "forgot exp": scores(price, log_guess),
    "exp": scores(price, np.exp(log_guess)),
    "exp × smearing": scores(price, np.exp(log_guess) * factor)}).T
print(table.round(2).to_string())

# %% [markdown]
# The second line's unit is not the dollar; in the third, logs were held against dollars. Only the
# other three compare.

# %%
fair = table.loc[["plain", "exp", "exp × smearing"]]
for metric in ("RMSE", "MAE"):
    first, second = fair[metric].sort_values().iloc[:2].items()
    tie = second[1] / first[1] < 1.001
    print(f"least {metric}: " + (f"a tie of {first[0]} and {second[0]}" if tie else first[0]))
print(f"prices below zero: {(dollar_guess < 0).sum()} from the plain model, "
      f"{(np.exp(log_guess) < 0).sum()} from the log model")

# %% [markdown]
# MAE is least at the median, RMSE at the mean, so the factor should lower RMSE and raise MAE;
# where a few extreme prices rule the RMSE, chance may decide. Choose by what an error costs.
#
# ## What is left over
#
# Residuals again, with one number: how much larger is a miss where predictions are high?

# %%
def growth(guess, miss):
    """Mean size of a miss in the highest quarter of guesses, by that in the lowest."""
    low, high = np.quantile(guess, [0.25, 0.75])
    return np.abs(miss[guess >= high]).mean() / np.abs(miss[guess <= low]).mean()


# %% [markdown]
# **Predict:** what shape has the cloud if prices act by percent, and what do logs make of it?

# %%
views = {"$": (dollar_guess, price - dollar_guess), "log $": (log_guess, np.log(price) - log_guess)}
fig, axes = plt.subplots(1, 2, figsize=(10, 4.2))
for ax, (unit, (guess, miss)) in zip(axes, views.items(), strict=True):
    ax.plot(guess, miss, ".", markersize=3)
    ax.axhline(0, color="black", linewidth=1)
    ax.set(title=f"Misses grow {growth(guess, miss):.1f}-fold", xlabel=f"prediction ({unit})",
           ylabel=f"residual ({unit})", ylim=1.5 * np.quantile(miss, [0.005, 0.995]))
show(fig, alt="Residuals over predictions, plain model left, log model right. From the lowest to "
     "the highest quarter of predictions their mean size grows "
     + " and ".join(f"{growth(*view):.1f}-fold in {unit}" for unit, view in views.items()) + ".")

# %% [markdown]
# Left, misses widen, and where the model goes below zero all lie above the line. Right, nearer to
# an even band.
#
# ## Regularization
#
# Some of the many columns rest on a handful of rows, and their coefficients follow chance. A
# penalty on size pulls them in: *ridge* on squares, *lasso* on absolute values, which sets some to
# exactly 0. Spark scales the columns first, so units do not matter. A ridge acts at larger
# strengths.

# %%
encoder = PipelineModel(stages=log_model.stages[:-1])
ready, new = (encoder.transform(side).cache() for side in (learn, valid))
strengths = {"ridge": np.logspace(-2, 0.5, 6), "lasso": np.logspace(-3.5, -1, 6)}
tried = {name: [LinearRegression(labelCol="log_price", regParam=float(s),
                                 elasticNetParam=float(name == "lasso")) for s in several]
         for name, several in strengths.items()}
paths = {name: [regression.fit(ready) for regression in tried[name]] for name in tried}

# %% [markdown]
# The strength cannot be learned by the same rows: they always like the weakest best. The
# validation rows choose. **Predict:** what happens at the strong end?

# %%
path_errors = {name: [rmse.evaluate(m.transform(new)) for m in models]
               for name, models in paths.items()}
chosen = min(path_errors, key=lambda name: min(path_errors[name]))
least = int(np.argmin(path_errors[chosen]))
strength = strengths[chosen][least]

# %%
from pyspark.ml.stat import Summarizer

deviation = ready.select(Summarizer.std(F.col("features"))).first()[0].toArray()
effects = np.array([m.coefficients.toArray() for m in paths["lasso"]]) * deviation
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2))
left.plot(strengths["lasso"], effects, color="C0", linestyle="-", linewidth=0.7)
left.set(xscale="log", title="Lasso: coefficients shrink", xlabel="strength (log scale)",
         ylabel="coefficient (log $ per s.d.)")
for name, style in (("ridge", "o-"), ("lasso", "s--")):
    right.plot(strengths[name], path_errors[name], style, label=name)
right.set(xscale="log", title="Validation rows choose", xlabel="strength (log scale)",
          ylabel="RMSE of log(price)")
right.axhline(unpenalized, color="black", linewidth=1, linestyle=":", label="no penalty")
right.legend()
show(fig, alt=f"Left: {effects.shape[1]} coefficients shrink toward zero as the lasso grows. "
     f"Right: error on validation rows over strength for ridge and lasso; least with {chosen} "
     f"at {strength:.2g}.")

# %% [markdown]
# In numbers:

# %%
used = [(m.coefficients.toArray() != 0).sum() for m in paths["lasso"]]
print(f"lasso keeps {used[0]} columns at the weak end, {used[-1]} at the strong end")
print(f"chosen: {chosen}, strength {strength:.2g}, RMSE {min(path_errors[chosen]):.3f}; without "
      f"penalty {unpenalized:.3f}")

# %% [markdown]
# How much a good penalty gains depends on the rows per column: the fewer, the more.
#
# ## Opening the test rows
#
# Both models learn once more, from all training rows, and meet the test rows, once.

# %%
best = tried[chosen][least]
final = Pipeline(stages=[*encode, best]).fit(logs)
plain = Pipeline(stages=[*encode, LinearRegression(labelCol="price")]).fit(logs)
factor, (price, dollar_guess) = smear(scored(final, logs)), scored(plain, test).to_numpy().T
log_guess = scored(final, test)["prediction"].to_numpy()
guesses = {"mean of train": train.agg(F.avg("price")).first()[0], "plain": dollar_guess,
           "log, exp": np.exp(log_guess), "log, exp × smearing": np.exp(log_guess) * factor}

# %% [markdown]
# Generated prices have a known rule, so two lines can stand for the best possible: its median and
# its mean for each listing. On a real file there are none. **Predict:** how far are we?

# %%
if truth:
    listings = test.toPandas()
    guesses["best median"] = np.exp(truth.mean_log_price(listings))
    guesses["best mean"] = truth.mean_price(listings)
print(pd.DataFrame({name: scores(price, g) for name, g in guesses.items()}).T.round(2).to_string())
print(f"RMSE of log(price) {scores(np.log(price), log_guess)['RMSE']:.3f}; noise that no model "
      f"can beat: {truth.sigma if truth else 'not known'}")

# %% [markdown]
# What is left between the log model and the best lines could still be learned; the rest is noise.
#
# ## Coefficients of categories
#
# For reading we choose the reference: counted from the rarest, the most frequent category is
# dropped. A coefficient of 0.1 means about 10% more than there.

# %%
SIZE = ["accommodates", "bedrooms", "bathrooms", "minimum_nights", "number_of_reviews",
        "review_scores_rating", "review_scores_location", "review_scores_rating_na"]
WORDS = ["neighbourhood_cleansed", "room_type", "host_is_superhost"]
formula = RFormula(formula=f"log_price ~ {' + '.join(WORDS + SIZE)}",
                   stringIndexerOrderType="frequencyAsc").fit(logs)
encoded = formula.transform(logs)
reading = LinearRegression(solver="normal").fit(encoded)

# %% [markdown]
# The names of the columns stand in the metadata of `features`.

# %%
groups = encoded.schema["features"].metadata["ml_attr"]["attrs"].values()
names = [name for _, name in sorted((a["idx"], a["name"]) for group in groups for a in group)]
twice = 2 * np.array(reading.summary.coefficientStandardErrors[:-1])
table = pd.DataFrame({"effect": reading.coefficients, "2 s.e.": twice}, index=names)

# %%
if truth:
    effects = {f"{c}_{name}": value for c in WORDS for name, value in truth.effects[c].items()}
    table["truth"] = pd.Series(truth.coefficients | effects)

# %% [markdown]
# **Predict:** which neighborhoods get the widest bars?

# %%
places = table.filter(like="neighbourhood_cleansed_", axis=0).sort_values("effect")
places.index = places.index.str.removeprefix("neighbourhood_cleansed_")
fig, ax = plt.subplots(figsize=(7, 7))
ax.errorbar(places["effect"], places.index, xerr=places["2 s.e."], fmt="o", label="± 2 s.e.")
if truth:
    ax.plot(places["truth"], places.index, "x", color="black", label="truth")
ax.set(title="Neighborhoods, beside the most frequent one", xlabel="effect on log(price)")
ax.legend(loc="lower right")
show(fig, alt=f"Effects of {len(places)} neighborhoods with error bars, from "
     f"{places['effect'].min():.2f} for {places.index[0]} to {places['effect'].max():.2f} for "
     f"{places.index[-1]}.")

# %% [markdown]
# Those with few listings, which a penalty would pull in first. All are differences from one
# category and share its error: most dots may lie on one side of the truth, and misses come
# together.

# %% tags=["nbval-check-output"]
print(table.loc[[n for n in names if n.startswith(("room", "host")) or n in SIZE[:2]]].round(3)
      .to_string())
if truth:
    near = (table["effect"] - table["truth"]).abs() <= table["2 s.e."]
    print(f"{near.sum()} of {len(table)} effects within two standard errors of the truth")

# %% [markdown]
# ## Save and load
#
# What leaves the notebook should answer in dollars. A `SQLTransformer` as last stage exponentiates,
# so that nobody can forget it, and the pipeline is saved as a whole: names of categories,
# encoding, coefficients.

# %%
from pathlib import Path

from pyspark.ml.feature import SQLTransformer

to_dollars = SQLTransformer(
    statement=f"SELECT *, exp(prediction) * {factor} AS dollars FROM __THIS__")
path = Path(make_work_dir("07_linear_regression_2")) / "price_model"
PipelineModel(stages=[*final.stages, to_dollars]).write().overwrite().save(str(path))

# %% tags=["nbval-check-output"]
print(*sorted(stage.name.rsplit("_", 1)[0] for stage in (path / "stages").iterdir()))
loaded = PipelineModel.load(str(path)).transform(test).select("dollars").toPandas()["dollars"]
difference = np.abs(loaded - guesses["log, exp × smearing"]).max()
print(f"largest difference after loading: ${difference:.2f}")

# %% [markdown]
# ## What you know now
#
# - Numbers for names invent an order; one-hot does not, kept sparse, with a reference. It suits
#   neither trees nor thousands of categories.
# - A pipeline learns all its stages from the same rows, and is saved as one thing; RFormula
#   writes it in a line. `skip` loses rows, `keep` and `error` do not.
# - A log model is judged after `exp`: its median has the better MAE, smeared its mean the better
#   RMSE, as a rule.
# - Penalties, like every choice, are chosen on validation rows; the test rows are for the end.
#
# **Check yourself:** a colleague reports RMSE 0.42 for a log model and 115 for a plain one. Which
# is better?
#
# **Next:** the lab, where you build both pipelines and let them compete.
