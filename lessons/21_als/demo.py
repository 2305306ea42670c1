# %% [markdown]
# # 21 · Recommendations with ALS
#
# Ines runs a small video shop on the web. Nobody in her shop has watched more films than she has,
# and every Friday she mails her ten favorites to all members. Hardly anybody clicks. Her nephew
# says that a computer could write a different mail to each member. She doubts it: the computer has
# not seen a single film. All it has is a table of stars that members gave, and that table is
# nearly empty.
#
# In this lesson five recommenders write her mail, and we count whose films people went on to
# watch and like. One of them predicts stars better than all others, and still writes a bad mail.
#
# **The question:** how do you recommend films to people when all you know is a few of their
# ratings, and how do you find out whether the recommendations are any good?
#
# - **Time:** 60 minutes, and 35 more for the lab
# - **Before you start:** RMSE (lesson 06), validation rows (lesson 03), windows (lesson 01)
# - **Data:** `films` with title and genres, and `ratings`: user, film, stars and time

# %%
from course_utils import get_spark, helpers, load

spark = get_spark("21_als")
draw = helpers("21")
films, ratings = draw.small(load("films"), load("ratings"))

# %% [markdown]
# (`draw.small` changes nothing here. If you use a large MovieLens file of your own, it takes a
# part of it that fits into a notebook.)
#
# Each rating has a user, a film, and stars from 0.5 to 5. Let us lay the ratings out as a table,
# with a row for each user and a column for each film:

# %%
draw.holes(ratings)

# %% [markdown]
# To recommend is to fill the holes: to say how many stars would stand there, or simply which hole
# should be filled next. Look at the left edge of the picture, too. A few films are rated by
# nearly everybody, and most films by almost nobody. This *long tail* will decide more than any
# algorithm.
#
# ## Hold out the future
#
# To judge a recommender we need ratings that it has not seen. In earlier lessons a hash chose the
# test rows. Here that would be cheating a little: the model would learn from what somebody
# watched in May, and be tested on what they watched in April. So we give the *newest* fifth of
# each user's ratings to the test. Some of the ratings before that go to validation.

# %%
from pyspark.sql import Window
from pyspark.sql import functions as F

newest = Window.partitionBy("user_id").orderBy(F.desc("timestamp"), "film_id")
age = F.percent_rank().over(newest)
part = F.when(age < 0.2, "test").when(age < 0.36, "validation").otherwise("fit")

# %% [markdown]
# A *window* looks at the rows of one user, the newest first. `percent_rank` is 0 for the first row
# and 1 for the last. Films rated in the same second are put in order by their id, so the split
# is the same in each run.

# %%
from course_utils import make_work_dir

folder = make_work_dir("21_als") + "/ratings"
ratings.withColumn("part", part).write.partitionBy("part").parquet(folder)
fit, validation, test = (spark.read.parquet(f"{folder}/part={name}")
                         for name in ("fit", "validation", "test"))
train = fit.unionAll(validation)

# %% [markdown]
# `partitionBy` makes a folder for each part, and we read each folder as a data frame.

# %% tags=["nbval-check-output"]
for name, rows in {"fit": fit, "validation": validation, "test": test}.items():
    print(f"{rows.count():7,} ratings to {name}")

# %% [markdown]
# We write the parts to disk and read them again. Otherwise Spark would compute the window anew for
# every model below, and we are going to fit about two dozen of them.
#
# ## What is a good mail?
#
# Our tables have about a thousand rows and a thousand columns. That is a few megabytes, so for
# the simple recommenders we may use NumPy, and see every number. `table` turns ratings
# into such a table, with `nan` in each hole:

# %%
import numpy as np

catalog = films.orderBy("film_id").toPandas()
users = np.sort(ratings.select("user_id").distinct().toPandas()["user_id"])


def table(rows):
    wide = rows.toPandas().pivot(index="user_id", columns="film_id",
                                 values="rating")
    return wide.reindex(index=users, columns=catalog["film_id"]).to_numpy()

# %% [markdown]
# `R` is what we know, `later` is what we test with. Two more tables hold true or false for each
# cell: whether the user has rated the film before, and whether the test says that they liked it.

# %%
R, later = table(train), table(test)
seen = ~np.isnan(R)  # True where a user has rated a film before
liked = later >= 4  # True where the test says: watched, and liked

# %% [markdown]
# A recommender gives each user and film a *score*, whatever that is. `top` takes the ten films
# with the highest score for each user, and leaves out what the user has rated already:


# %%
def top(scores, seen, k=10):
    scores = np.where(seen | np.isnan(scores), -np.inf, scores)
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def precision(scores, seen, liked, k=10):
    hits = np.take_along_axis(liked, top(scores, seen, k), axis=1)
    return hits[liked.any(axis=1)].mean()


# %% [markdown]
# `precision` counts *hits*: recommended films that the user did watch later, and gave four stars
# or more. The share of hits in a list of k films is called **precision@k**. Users who liked
# nothing in the test are left out, since no mail could have pleased them.
#
# What does somebody get who recommends films at random?

# %% tags=["nbval-check-output"]
chance = np.random.default_rng(21).random(R.shape)
print(f"by chance: {precision(chance, seen, liked):.1%} of ten films hit")

# %% [markdown]
# ## Four recommenders without a model
#
# **1. Hand-picked.** Ines's list. She is the user with the most ratings, and her favorites are the
# films that she gave the most stars. Where stars are equal, the better known film goes first.

# %%
watched = seen.sum(axis=0)  # how many users have rated each film
ines = seen.sum(axis=1).argmax()
tie = watched / 1e6  # decides between equal scores, and no more
favorites = np.where(seen[ines], R[ines], -1) + tie

# %% [markdown]
# `argsort` gives the places in the order of the scores. These are her five best:

# %% tags=["nbval-check-output"]
best = np.argsort(-favorites)[:5]
print(catalog.loc[best, ["title", "genres"]].to_string(index=False))

# %% [markdown]
# The same list goes to everybody (without the films that they know already). It has one big
# advantage: it needs no data about the members at all.
#
# **2. Aggregates.** Let the members decide together. There are two usual ways: the films with the
# highest *mean* rating, and the films with the *most* ratings.
#
# **Predict:** which of the two gets more hits? Surely the best rated films are better than the
# ones that are merely known?

# %%
stars = np.nan_to_num(R)  # 0 in the holes
mean = stars.sum(axis=0) / np.maximum(watched, 1)
results = {
    "hand-picked": precision(favorites[None, :], seen, liked),
    "best mean rating": precision(mean[None, :], seen, liked),
    "most rated": precision(watched[None, :], seen, liked),
}

# %% [markdown]
# `[None, :]` makes a table with one row of it, which then counts for all users. Before the hits,
# we print how many people have rated the ten films with the best mean.

# %% tags=["nbval-check-output"]
winner = np.argsort(-mean, kind="stable")[:10]
print("raters of the ten films with the best mean:", watched[winner])
for name, value in results.items():
    print(f"{value:6.1%}  {name}")

# %% [markdown]
# Look at the first line of the output. Some of the ten have only a few raters: with one or two
# ratings, a mean of 5 is mere luck, and hardly anybody will come across such a film. And those with
# many raters are known to most people already, so they are left out of most lists. The most rated
# films have no opinion at all behind them, and are hard to beat.
#
# **3. Content-based.** Now the mail becomes personal. From the stars above or below a user's own
# mean we compute how much they like each genre, and then score films by their genres:

# %%
flags = catalog["genres"].str.get_dummies("|").to_numpy(dtype=float)
unit = flags / np.maximum(np.linalg.norm(flags, axis=1, keepdims=True), 1)
own_mean = stars.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
taste = np.nan_to_num(R - own_mean[:, None]) @ unit  # users × genres
content = taste @ unit.T + tie

# %% [markdown]
# `flags` has a 1 for each genre of a film, and `unit` scales each film to length 1, so that three
# genres count no more than one. The product `@` adds up, for each user and genre, the stars above
# or below the mean. The second product gives each film the taste for its genres.
#
# **4. Neighborhood.** People who rated this film also rated that one. Two films are *neighbors* if
# their columns in the table point in the same direction. The cosine of the angle between them
# says how much: 1 is the same direction, 0 is nobody in common.

# %%
length = np.maximum(np.linalg.norm(stars, axis=0), 1e-9)
cosine = stars.T @ stars / np.outer(length, length)  # films × films
np.fill_diagonal(cosine, 0)
neighbors = stars @ cosine

# %% tags=["nbval-check-output"]
known = watched.argmax()
near = np.argsort(-cosine[known])[:3]
print("The most rated film:", catalog["title"][known])
print("Its neighbors:", ", ".join(catalog["title"][near]))
print(f"Pairs of films with nobody in common: {(cosine == 0).mean():.0%}")

# %% [markdown]
# A film's score for a user is the sum of its cosines with all films that the user has rated, each
# times the stars. `neighbors` has that for everybody.
#
# **Predict:** put the five mails in order, from the fewest to the most hits.

# %%
results["content (genres)"] = precision(content, seen, liked)
results["neighbors"] = precision(neighbors, seen, liked)
draw.bars(results)

# %% [markdown]
# The personal mail by genres does badly. It knows what kind of film I like, but not which of the
# many films of this kind anybody ever watches. The neighbors know both, since popular films are
# neighbors of nearly everything.
#
# But neighbors have a weakness. If nobody has rated both of two films, their cosine is 0, even if
# they are twins. You have seen above how many pairs that concerns; in the emptier table of a large
# shop it is nearly all of them. And the cosines are a table of films × films: with a million films,
# that is a million millions.
#
# **Exercise 1.** Let `liked` be `later >= 5`, or set `k=3` in `precision`. Do the mails keep
# their order?
#
# <details><summary>What you will find</summary>
#
# With fewer films that count as liked, every precision falls. With a shorter list it usually
# rises, since the first places of a list are its best ones. A precision means nothing without its
# k and its rule for what is a hit.
# </details>
#
# ## Two short lists of numbers
#
# **5. Latent factors.** Suppose that every film could be described by a few numbers: how dark it
# is, how much action it has. Suppose that each user has as many numbers: how much they like dark,
# how much they like action. Then multiply and add up, and you have a prediction for every hole,
# whether or not anybody has both films in common.
#
# ```mermaid
# flowchart LR
#     R["ratings<br/>users × films,<br/>mostly holes"] --> ALS("ALS")
#     ALS --> P["P, the user factors:<br/>k numbers per user"]
#     ALS --> Q["Q, the item factors:<br/>k numbers per film"]
#     P --> dot("multiply<br/>and add up")
#     Q --> dot
#     dot --> full["a prediction for<br/>every user and film"]
# ```
#
# In words: ALS turns the ratings into two thin tables, P and Q, and their product is a full table.
# The number k is called the **rank**. Nobody tells ALS what the numbers mean. It has to find both
# tables from the ratings, and this is how. Take four friends and three films:

# %%
nan = np.nan
small = np.array([[5, 4, nan],
                  [5, nan, 1],
                  [nan, 2, 5],
                  [1, 1, 4]])

# %% [markdown]
# If we knew the numbers of the films, then finding those of a user would be a linear regression.
# The films are the rows, their numbers the features, the stars the label, and the user's
# numbers the coefficients. With a penalty on large coefficients it is called *ridge regression*
# (lesson 07), and one `solve` does it:


# %%
def ridge(features, label, reg=0.1):
    n, k = features.shape
    left = features.T @ features + reg * n * np.eye(k)
    return np.linalg.solve(left, features.T @ label)


def solve_rows(table, other, reg=0.1):
    rows = [ridge(other[~np.isnan(row)], row[~np.isnan(row)], reg)
            for row in table]
    return np.array(rows)

# %% [markdown]
# `ridge` is told the films that the user has rated, and only those. The penalty `reg` grows with
# their number `n`; Spark does the same. `solve_rows` goes through all rows of a table.
#
# We do not know the numbers of the films. But if we knew those of the users, then finding those
# of the films would be the same regression on the columns. So ALS starts with random numbers and
# takes turns: *alternating least squares*. What goes down at each turn is the *objective*, the
# squared errors plus the penalty:


# %%
def objective(table, p, q, reg=0.1):
    rated = ~np.isnan(table)
    errors = np.where(rated, table - p @ q.T, 0)
    penalty = (rated.sum(axis=1) @ (p**2).sum(axis=1)
               + rated.sum(axis=0) @ (q**2).sum(axis=1))
    return (errors**2).sum() + reg * penalty

# %% [markdown]
# **Predict:** each turn solves one half exactly and ignores the other half. Can the objective go
# up in between?

# %% tags=["nbval-check-output"]
rng = np.random.default_rng(2)
P, Q = rng.normal(size=(4, 2)), rng.normal(size=(3, 2))
objectives = [objective(small, P, Q)]
for _ in range(10):
    Q = solve_rows(small.T, P)
    objectives.append(objective(small, P, Q))
    P = solve_rows(small, Q)
    objectives.append(objective(small, P, Q))
print("start, films, users:", np.round(objectives[:3], 2))

# %%
assert all(np.diff(objectives) < 1e-9)
draw.falling(objectives)

# %% [markdown]
# It cannot. With Q held still, the new P is the best there is, so the objective is at most what it
# was with the old P. The same holds for Q. It goes down until it stays. (It may stay in a place
# that is not the best of all; another start may end elsewhere.)
#
# What has become of the holes?

# %%
draw.matrices(small, P, Q)

# %% [markdown]
# Take the hole in the first row. The friend who agrees about the first film did not like the third.
# The two who love the third film think little of the first two. So this friend will hardly love
# it either, and the product puts a low number there. All of that comes from two numbers per friend
# and two per film.
#
# **Exercise 2.** Solve once more with `reg=2`: write it into both calls of `solve_rows` and into
# `objective`. What happens to the numbers in the last table?
#
# <details><summary>Answer</summary>
#
# Most of them shrink, the large ones most. The penalty pulls the factors toward 0, so the
# predictions go toward 0 stars, and not toward the mean. That matters for people with few ratings.
# </details>
#
# ## The same in Spark
#
# Spark's `ALS` does exactly this, with the tables in blocks, so that many machines can solve rows
# at the same time. Each row is a small regression of its own; that is why it scales out so well.

# %%
from pyspark.ml.recommendation import ALS

spark.sparkContext.setCheckpointDir(make_work_dir("21_als_checkpoints"))
als = ALS(rank=6, regParam=0.1, userCol="user_id", itemCol="film_id",
          numUserBlocks=2, numItemBlocks=2, checkpointInterval=3, seed=21)
model = als.fit(train)

# %% [markdown]
# `userCol` and `itemCol` must hold whole numbers; text ids need a `StringIndexer` first. The stars
# are in a column `rating`, which is the default of `ratingCol`. The default of `maxIter` is 10
# rounds. We ask for two blocks instead of ten, because our data is small and each block is a task.
#
# Each round builds on the one before it, so Spark's plan grows longer and longer. After many rounds
# it can get too long to be sent to a task, and the whole session may end with a
# `StackOverflowError`. A *checkpoint* writes the factors to disk and forgets how they came about.
# With a folder set, ALS makes one every `checkpointInterval` rounds.
#
# A fitted model *is* its two tables, `userFactors` and `itemFactors`, with an id and a list of
# numbers in each row. We fetch both, in the order of our table:


# %%
def in_order(frame, ids):
    rows = frame.toPandas().set_index("id")["features"]
    empty = np.full(len(rows.iloc[0]), np.nan)
    return np.array([rows.get(i, empty) for i in ids], dtype=float)


def factors(model):
    return (in_order(model.userFactors, users),
            in_order(model.itemFactors, catalog["film_id"]))

# %% [markdown]
# A user or film without any rating in `train` has no factors, and gets `nan`. If Spark does the
# same as our `ridge`, then its last step must be ours: Spark's numbers for a user are the ridge
# regression of the user's stars on Spark's numbers for the films.

# %% tags=["nbval-check-output"]
P, Q = factors(model)
apart = [abs(P[u] - ridge(Q[seen[u]], R[u, seen[u]])).max()
         for u in range(len(users)) if seen[u].any()]
print(f"{len(apart)} users solved by hand; equal to Spark's: "
      f"{sum(distance < 1e-3 for distance in apart)}")

# %% [markdown]
# There is no more to it. (Spark keeps the factors as 32-bit numbers, so they agree to a few
# digits, not to all.)
#
# ## The row that breaks the mean
#
# How wrong are the predictions? `transform` adds them, and the evaluator of lesson 06 compares.
#
# **Predict:** we know that RMSE cannot be negative. What else could it be?

# %% tags=["nbval-check-output"]
from pyspark.ml.evaluation import RegressionEvaluator

evaluator = RegressionEvaluator(labelCol="rating", metricName="rmse")
print("RMSE:", evaluator.evaluate(model.transform(test)))

# %% [markdown]
# Not a number, if only one prediction is missing. Let us see which ones are:

# %% tags=["nbval-check-output"]
scored = model.transform(test)
missing = scored.filter(F.isnan("prediction"))
print(f"{missing.count()} of {scored.count():,} predictions are NaN")
missing.select("user_id", "film_id", "rating").orderBy("user_id").show(3)

# %% [markdown]
# These are users or films that do not occur in `train`: the **cold start**. Some users have so few
# ratings that all of them went to the test, and some films were rated for the first time in it.
# `coldStartStrategy` says what to do with them. The default `"nan"` tells you that something is
# missing. `"drop"` leaves those rows out of the result:

# %% tags=["nbval-check-output"]
model.setColdStartStrategy("drop")
rmse = evaluator.evaluate(model.transform(test))
by_mean = np.sqrt(np.nanmean((later - np.where(watched, mean, nan)) ** 2))
print(f"RMSE {rmse:.2f} stars; with each film's mean {by_mean:.2f}")

# %% [markdown]
# Now it is a number, and ALS beats the baseline, which says the film's mean to everybody. If you
# tune with `CrossValidator`, set `"drop"`, or every setting will have an RMSE of NaN and the
# "best" one is meaningless. But remember what the word does: the rows are dropped, not solved. The
# people in them open Ines's mail, too. We come back to them.
#
# ## How many numbers per film?
#
# The rank is ours to choose, and the penalty `regParam` as well. Both are chosen with validation
# ratings.
#
# **Predict:** with more numbers per film, will the error go down, go up, or first one and then
# the other?


# %%
def rmse_of(scores, truth):
    return np.sqrt(np.nanmean((scores - truth) ** 2))


R_fit, later_fit = table(fit), table(validation)
seen_fit, liked_fit = ~np.isnan(R_fit), later_fit >= 4

# %%
grid = {}
for rank in (1, 2, 4, 6, 12):
    for reg in (0.02, 0.05, 0.1):
        chosen = {als.rank: rank, als.regParam: reg}
        P, Q = factors(als.fit(fit, chosen))
        grid[rank, reg] = (rmse_of(P @ Q.T, later_fit),
                           precision(P @ Q.T, seen_fit, liked_fit))

# %% [markdown]
# `als.fit(fit, chosen)` fits with other parameters and leaves `als` as it was. For each of the 15
# models we keep the RMSE, and the precision for later.
#
# How low could the error be? Normally nobody knows. But the ratings of this course are generated:
# each is the sum of a mean, something for the film, something for the user, and four axes of
# taste, plus noise. `get_truth` knows the noise, and no model can get below it.

# %%
from course_utils import get_truth

truth = get_truth("ratings")
pairs = np.nonzero(~np.isnan(later_fit))
ids = users[pairs[0]], catalog["film_id"].to_numpy()[pairs[1]]
floor = truth.rmse_floor(*ids) if truth else None
draw.rank_curve(grid, floor)

# %% [markdown]
# (With a file of your own there is no truth, and no line.)
#
# With one number per film, ALS can only say how good a film is and how generous a user is. Each
# further number adds an axis of taste, and the error falls, until the numbers begin to learn the
# noise. Then it rises again, all the faster the smaller the penalty is. Ratings made of four
# axes, a mean and two biases need six numbers, since ALS has no intercept: it has to spend
# factors on mean and bias.
#
# We fit the winner to all of `train`, and look once at the test:

# %% tags=["nbval-check-output"]
rank, reg = min(grid, key=lambda place: grid[place][0])
explicit = als.copy({als.rank: rank, als.regParam: reg})
best_model = explicit.fit(train).setColdStartStrategy("drop")
rmse = evaluator.evaluate(best_model.transform(test))
print(f"rank {rank}, regParam {reg}: RMSE {rmse:.2f} on test ratings")

# %% [markdown]
# Of all that we have seen, this model predicts stars best. Time for Ines's mail.
#
# **Predict:** how many hits will it get? More than the neighbors?

# %%
P, Q = factors(best_model)
scores = {"ALS, explicit": P @ Q.T}
results["ALS, explicit"] = precision(P @ Q.T, seen, liked)
draw.bars(results)

# %% [markdown]
# For the ratings of this course it is a disappointment. The one that knows most about taste gets
# fewer hits than Ines herself, and far fewer than a list of whatever everybody watches.
#
# It is not a bug. RMSE asks: *how many stars would this user give, if they watched the film?*
# The mail asks: *which film will they watch next?* Our model fills the list with films that the
# user would love and that hardly anybody has heard of. The stars say nothing about whether
# somebody will ever come across a film. Something else does.
#
# ## Forget the stars
#
# That somebody watched a film at all is information, too. It is called *implicit feedback*: clicks,
# plays, purchases. There is far more of it than of stars, because nobody has to be asked. With
# `implicitPrefs=True` ALS uses a different objective. Every cell of the table counts now, also
# the holes:
#
# - the *preference* is 1 where there was an interaction, and 0 in a hole
# - the *confidence* is 1 in a hole, and 1 + `alpha` · r where the interaction has the strength r:
#   how often, or how long
#
# So a hole means "probably not interested", but with little confidence, and a larger `alpha` says
# that an interaction counts so many times more. We throw the stars away and put a 1 in their
# place. Which `alpha` is right? Validation decides, by precision.

# %%
watches = fit.withColumn("rating", F.lit(1.0))
by_alpha = {}
for alpha in (1.0, 10.0, 40.0):
    chosen = {als.implicitPrefs: True, als.alpha: alpha}
    P, Q = factors(als.fit(watches, chosen))
    by_alpha[alpha] = precision(P @ Q.T, seen_fit, liked_fit)

# %% tags=["nbval-check-output"]
alpha = max(by_alpha, key=by_alpha.get)
for value, hits in by_alpha.items():
    print(f"alpha {value:4.0f}: {hits:.1%} on validation")

# %% [markdown]
# **Predict:** this model has never seen a star. Hits are films with four stars or more. Can it
# beat the one that knows all the stars?

# %%
all_watches = train.withColumn("rating", F.lit(1.0))
implicit = als.copy({als.implicitPrefs: True, als.alpha: alpha})
P, Q = factors(implicit.fit(all_watches))
scores["ALS, implicit"] = P @ Q.T
results["ALS, implicit"] = precision(P @ Q.T, seen, liked)
draw.bars(results)

# %% [markdown]
# That is what the popular lists were good at, with taste added. Its predictions are no stars; they
# lie around 0 to 1 and say how much a cell looks like an interaction. An RMSE of them would be
# meaningless.
#
# ## Four measures for a list
#
# Precision@10 is one of several *ranking metrics*. For a user with a list of k films:
#
# - **precision@k**: the share of the list that hits
# - **recall@k**: the share of the films that the user liked which are in the list
# - **NDCG@k**: as precision, but a hit further up counts more. It is 1 for a list that could not
#   be better.
# - **MAP@k**, mean average precision: the precision at each hit, averaged. It also wants hits
#   early.
#
# Spark's `RankingEvaluator` computes all of them from a data frame with two lists in each row:
# what was recommended, best first, and what was liked. The old `RankingMetrics` in
# `pyspark.mllib.evaluation` does the same for an RDD.

# %%
scores |= {"hand-picked": favorites[None, :], "most rated": watched[None, :],
           "content (genres)": content, "neighbors": neighbors}
wanted = [np.nonzero(row)[0].astype(float).tolist() for row in liked]
rows = [(name, ten.tolist(), likes) for name, score in scores.items()
        for ten, likes in zip(top(score, seen).astype(float), wanted,
                              strict=False) if likes]

# %% [markdown]
# Each row is one user's list from one recommender, with the films that this user liked in the
# test. The films are places in our table, as decimal numbers, because that is the type which the
# evaluator wants.

# %%
lists = spark.createDataFrame(
    rows, "name string, prediction array<double>, label array<double>")
lists = lists.coalesce(2).cache()
print(f"{lists.count():,} lists to judge")

# %% [markdown]
# `metricName` says which metric, and `k` how long the list is. That makes four numbers for each
# recommender:

# %%
import pandas as pd
from pyspark.ml.evaluation import RankingEvaluator

METRICS = {"precisionAtK": "precision", "recallAtK": "recall",
           "ndcgAtK": "NDCG", "meanAveragePrecisionAtK": "MAP"}
judged = pd.DataFrame(index=list(scores), columns=[*METRICS.values()])
for metric, column in METRICS.items():
    judge = RankingEvaluator(metricName=metric, k=10)
    judged[column] = [judge.evaluate(lists.filter(F.col("name") == name))
                      for name in scores]

# %% tags=["nbval-check-output"]
for name in scores:
    assert abs(judged.loc[name, "precision"] - results[name]) < 1e-9
print("precision by hand and by Spark: equal for", len(scores), "mails")

# %% [markdown]
# The hand-made precision was right. Here are all four, the best NDCG first, with the RMSE of the
# only one that predicts stars:

# %%
judged["RMSE"] = pd.Series({"ALS, explicit": rmse})
judged = judged.sort_values("NDCG", ascending=False)
print(judged.round(3).to_string(na_rep="–"))

# %% [markdown]
# All four metrics look at the same lists, and they mostly agree about who is good. RMSE does not:
# look at which row of the table has one, and where it stands. The same disagreement is inside of
# ALS. Here are the 15 fits of the grid, each as a dot:

# %%
draw.disagree(grid)

# %% [markdown]
# If both measures said the same, the dots would fall along one line from top left to bottom right,
# and both would choose the same one. So choose the measure before you choose the model. For
# "how will she like it" it is RMSE; for "what shall we show her" it is a ranking metric.
#
# ## And who is right?
#
# One thing remains unfair. A film that nobody has heard of cannot be a hit, however good it is,
# because nobody watched it in the test. The truth can tell how many stars each user *would*
# give to each film of their list, watched or not.
#
# **Predict:** whose list would people like most, if they really watched all of it?


# %%
def expected_stars(score):
    lists = top(score, seen)
    who = np.repeat(users, lists.shape[1])
    what = catalog["film_id"].to_numpy()[lists.ravel()]
    return truth.expected(who, what).mean() if truth else nan


would_like = {name: expected_stars(np.broadcast_to(score, R.shape))
              for name, score in scores.items()}

# %% tags=["nbval-check-output"]
for name, value in sorted(would_like.items(), key=lambda item: -item[1]):
    print(f"{value:5.1f} stars expected  {name}")

# %% [markdown]
# Here is the other side of the coin. (With a file of your own, nobody knows these numbers, and
# that is the usual situation.) The hits say which mail fits to what people do anyway. The expected
# stars say which mail would do them good. A shop that measures only hits will recommend only what
# people would have found without it. This is why real shops decide with an *A/B test*: they send
# both mails, each to half of the members, and look at what those do.
#
# ## What do the numbers mean?
#
# Nobody told ALS about genres. Has it found something like them? To see it we give each film just
# two numbers, and first take away what is no taste: the film's own mean, and whether a user is
# generous.

# %%
film_means = train.groupBy("film_id").agg(F.avg("rating").alias("film_mean"))
left = train.join(F.broadcast(film_means), "film_id").withColumn(
    "left", F.col("rating") - F.col("film_mean")
)
generous = left.groupBy("user_id").agg(F.avg("left").alias("generous"))
taste_only = left.join(F.broadcast(generous), "user_id").withColumn(
    "rating", F.col("left") - F.col("generous")
)

# %% [markdown]
# What is left in `rating` is how far a user's stars lie above or below what one would expect. With
# rank 2, each film gets a place on a map:

# %%
two = als.copy({als.rank: 2}).fit(taste_only)
_, places = factors(two)
draw.film_map(places, catalog, watched)

# %% [markdown]
# Genres that lie close together are liked by the same people, and those far apart by different
# ones. The directions themselves mean nothing: turn the whole map, turn the users with it, and
# each product stays the same. So do not expect that "the first number is how dark a film is".

# %% tags=["nbval-check-output"]
if truth:
    found = ~np.isnan(places[:, 0]) & (watched >= 20)
    for axis in truth.axes:
        due = truth.film_factors[axis].to_numpy()[found]
        ones = np.column_stack([places[found], np.ones(found.sum())])
        fitted = ones @ np.linalg.lstsq(ones, due)[0]
        print(f"{axis:8} R² {np.corrcoef(due, fitted)[0, 1] ** 2:.1f}")

# %% [markdown]
# For the generated films we can ask how much of each true axis of taste is in the two numbers. An
# R² near 1 means that the map shows this axis, in some direction. Two numbers hold two of the four
# axes, the ones that people differ in most.
#
# ## Somebody new
#
# A new member has signed up and rated three films. ALS has no row for her. Do we have to fit
# everything again? No: the films keep their numbers, and hers are one ridge regression away. This
# is called *fold-in*, and it can be done while she waits.
#
# The second remedy is *content*: start from the film's mean, and learn from her few ratings how
# far her taste for each genre lies above or below. It needs no other users at all. That helps new
# films as well, which have genres before they have ratings.
#
# Let us try both. We take about a hundred members out, fit without them, and let them come back as
# strangers.

# %%
rich = np.nonzero(seen.sum(axis=1) >= 20)[0]
strangers = rich[:: max(1, len(rich) // 100)]
away = F.col("user_id").isin(users[strangers].tolist())
_, Q = factors(explicit.fit(train.filter(~away)))

# %% [markdown]
# `Q` holds the films' numbers, learned without the strangers. Now we need what they have rated, the
# oldest first:

# %%
history = train.filter(away).orderBy("timestamp", "film_id").toPandas()
place = {film: n for n, film in enumerate(catalog["film_id"])}
history["film"] = history["film_id"].map(place)
history = history[~np.isnan(Q[history["film"], 0])]

# %% [markdown]
# `film` is the film's row in `Q`. For a number of ratings `n` we let each stranger rate the first
# `n` films, and predict what stands in the test.


# %%
def three_ways(user, n):
    first = history[history["user_id"] == users[user]].head(n)
    rated, given = first["film"].to_numpy(), first["rating"].to_numpy()
    person = ridge(Q[rated], given, reg)
    genre_taste = ridge(unit[rated], given - mean[rated], reg=2 / n)
    return {
        "film's mean": mean,
        "content (genres)": mean + unit @ genre_taste,
        "fold-in": Q @ person,
    }


# %% [markdown]
# `2 / n` makes the penalty for genres equally strong for any `n`. (In `mean`, the strangers' own
# ratings are still counted; they are a few among many, and help all but the fold-in.)
#
# **Predict:** how many ratings does fold-in need before it beats a plain mean?

# %%
errors = {}
for n in (1, 2, 3, 5, 10, 20):
    squares = {}
    for user in strangers:
        for way, stars_of in three_ways(user, n).items():
            squares.setdefault(way, []).append((stars_of - later[user]) ** 2)
    for way, parts in squares.items():
        error = np.sqrt(np.nanmean(np.concatenate(parts)))
        errors.setdefault(way, {})[n] = error

# %%
draw.newcomers(errors)

# %% [markdown]
# With one or two ratings, fold-in is the worst of the three here. It has six numbers or so to
# find, and the penalty pulls them toward 0 stars instead of toward the mean. Content starts from
# the mean, so it can hardly do harm. With more ratings it is the other way round: genres are all
# that content will ever know, and the factors know more. So in practice you use both, one after
# the other: the most rated films for a member without any rating, content for the first few
# ratings, then fold-in, and the full fit at night.
#
# ## Your turn
#
# Here are five films that many members have rated. Give them your stars (the titles will have to
# do), and run the cells below:

# %%
five = np.argsort(-watched)[:5]
MY_STARS = [5, 2, 4, 1, 3]  # your stars for these films
for title, given in zip(catalog["title"][five], MY_STARS, strict=True):
    print(f"{given}  {title}")

# %%
P, Q = factors(best_model)
me = ridge(Q[five], np.array(MY_STARS, dtype=float), reg)
my_scores = np.where(np.isin(np.arange(len(Q)), five), -np.inf, Q @ me)
mine = np.argsort(-np.nan_to_num(my_scores, nan=-np.inf))[:5]
print(catalog.loc[mine, ["title", "genres"]].to_string(index=False))

# %% [markdown]
# `me` is you, in as many numbers as the model's rank. The list holds the five films with the
# highest product.
#
# **Exercise 3.** Turn your taste around: give 1 where you gave 5, 2 where you gave 4, and so on.
# Are the films on your list other ones? Of other genres?
#
# <details><summary>What you will find</summary>
#
# Some films change and some may stay. Good films have large factors in the direction of "everybody
# likes this", and they come out high for almost any person. With five ratings, that direction is
# most of what is known about you.
# </details>
#
# ## Ten films for everybody
#
# On Thursday night all mails have to be written. `recommendForAllUsers` multiplies the two tables
# and keeps the ten best films of each user:

# %%
for_all = best_model.recommendForAllUsers(10)
for_all.printSchema()

# %% [markdown]
# Each row has a user and a list of films with their predictions, best first. Note what is *not*
# done: films that the user has rated already are in the list, too. Spark does not remember who has
# rated what. Ask for more than ten, and take out the known ones with a `left_anti` join.
#
# It is a product of two tables, and NumPy is made for those. The full table may not fit into
# memory, so we multiply in *blocks* of users:


# %%
def top_for_all(people, items, k=10, block=1000):
    lists = []
    for start in range(0, len(people), block):
        product = people[start:start + block] @ items.T
        best = np.argpartition(product, -k, axis=1)[:, -k:]
        scores = np.take_along_axis(product, best, axis=1)
        order = np.argsort(-scores, axis=1)
        lists.append(np.take_along_axis(best, order, axis=1))
    return np.vstack(lists)

# %% [markdown]
# `argpartition` finds the ten largest without sorting the rest. Only those ten are sorted.
#
# **Predict:** are both lists the same, for every user?

# %%
collected = for_all.orderBy("user_id").collect()
theirs = np.array([[(film.film_id, film.rating) for film in row[1]]
                   for row in collected])
has, there = ~np.isnan(P[:, 0]), ~np.isnan(Q[:, 0])
places = top_for_all(P[has], Q[there])
ours = catalog["film_id"].to_numpy()[there][places]

# %% [markdown]
# Spark's list has film and prediction, ours only the place of the film. So we look up its id,
# and compute the predictions at these places once more.

# %% tags=["nbval-check-output"]
due = np.take_along_axis(P[has] @ Q[there].T, places, axis=1)
assert np.allclose(theirs[:, :, 1], due, atol=1e-4)
same = (theirs[:, :, 0] == ours).all(axis=1)
print(f"{len(ours)} users, the same lists: {same.mean():.0%}")

# %% [markdown]
# They are. (If two films have predictions that are equal to seven digits, either may come first.)
# Which way is faster? At our size neither matters. `lessons/21_als/bench.py` measures it
# with random factors of rank 64, up to 50,000 users and 17,000 films, which is 850 million
# products. You can run it yourself with `.venv/bin/python lessons/21_als/bench.py`; it takes some
# minutes. This is what it found on the machine where this lesson was built:

# %%
draw.race()

# %% [markdown]
# Both do the same number of multiplications. NumPy hands a thousand users at a time to a library
# that is tuned for the processor (*BLAS*). Spark sends blocks from task to task, multiplies user
# by user, and then has to put the ten best from each block together. So for a model whose factors
# fit into one machine's memory, and they nearly always do, fetch them and multiply.
# When there are more users than one machine can do in a night, send `Q` to all machines and let
# each of them multiply its own blocks, with `mapInPandas` (lesson 17).
#
# ## What to remember
#
# - Start with the most rated films. Many personal recommenders do not beat them.
# - ALS finds a few numbers for each user and each film, by solving one side at a time.
# - Stars answer how much somebody would like a film. Watching answers what they will watch next.
#   RMSE belongs to the one question, precision and NDCG to the other.
# - A user or film without ratings has no factors. `"drop"` hides that from your metric; fold-in,
#   content and popular films are what you do about it.
#
# **On Databricks**
#
# - `ALS` is the same class there. Spark ML runs on compute in dedicated and, since Databricks
#   Runtime 17.0, in standard access mode, and on serverless compute from environment version 4.
# - On serverless compute a model may have 100 MB. At rank 64 and four bytes per number that is
#   about 400,000 users and films together, so a large ALS model needs classic compute.
# - `spark.sparkContext`, which we needed to set the folder for checkpoints, exists on compute in
#   dedicated access mode only.
# - RDDs are not available on serverless compute, so take `RankingEvaluator`, which works on data
#   frames, and not the older `RankingMetrics`, which wants an RDD.
# - For larger systems the documentation shows deep-learning recommenders: a two-tower model finds
#   candidates among millions of items, and a second model puts these in order. A two-tower model is
#   close to what you know: a vector per user, a vector per item, and a product.
# - Vector Search there keeps an index of vectors from a Delta table, also of vectors that you have
#   computed yourself. Item factors can be such vectors.
#
# **Exam:** which kind of model fits a recommendation problem; how ALS distributes its work; what
# `rank`, `regParam`, `implicitPrefs` and `coldStartStrategy` do
#
# **Check yourself:** your grid search over `rank` returns NaN for every setting. What has happened,
# and which word in the estimator changes it? What is then left out of the number that you get?
#
# <details><summary>Answer</summary>
#
# Some users or films of each validation part are not in its training part. They have no factors, so
# their prediction is NaN, and so is the mean. `coldStartStrategy="drop"` changes it. The number is
# then about known users and known films alone. The new ones are left out, and for them you need an
# answer of another kind.
# </details>
#
# **Next:** the lab. You will train and tune a model, write a mail for everybody, and recommend
# films to yourself.
