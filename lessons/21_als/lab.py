# %% [markdown]
# # 21 · Recommendations with ALS, lab
#
# Ines has read the numbers of the demo and given in: from next Friday on, a model writes her mail.
# You build it. Her first question is how wrong it is, her second whether ten films a mail will
# find anybody who likes them. And then there are the people who signed up yesterday, and the film
# that arrived this morning.
#
# **The question of this lab:** can you build a recommender from ratings, say how good it is in
# stars and in hits, and have an answer for people and films that it has never seen?
#
# - **Time:** 35 minutes
# - **Before you start:** the demo of lesson 21
# - **Data:** `films` and `ratings`, split by time as in the demo
#
# **The tools you need, and where they were shown**
#
# - `ALS`, `userFactors` and `itemFactors`, `recommendForAllUsers`: lesson 21
# - fold-in with `np.linalg.solve`: lesson 21
# - `RegressionEvaluator`: lesson 06
# - windows, joins, `explode`: lesson 01
#
# Replace each `...` by your code, run the cell, then run the check below it. `lab.q1.hint()` gives
# a hint, and the next one when you call it again. After a pass, `lab.q1.solution()` shows the
# solution and another way.
#
# Keep all digits of every number; round only what you print.

# %%
import numpy as np
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.recommendation import ALS
from pyspark.sql import Window
from pyspark.sql import functions as F

from course_utils import ask_quiz, get_spark, load, make_work_dir, open_lab

# %% [markdown]
# The split is that of the demo: the newest fifth of each user's ratings is for the test, those
# before it for validation, and the rest is what models are fitted to while you tune. `train` is
# everything but the test.

# %%
spark = get_spark("21_als_lab")
lab = open_lab("21")
films, ratings = load("films"), load("ratings")

# %%
newest = Window.partitionBy("user_id").orderBy(F.desc("timestamp"), "film_id")
age = F.percent_rank().over(newest)
part = F.when(age < 0.2, "test").when(age < 0.36, "validation").otherwise("fit")
folder = make_work_dir("21_als_lab") + "/ratings"
ratings.withColumn("part", part).write.partitionBy("part").parquet(folder)

# %% [markdown]
# Written once, the parts are read as three data frames.

# %% tags=["nbval-check-output"]
fit_rows, validation, test = (
    spark.read.parquet(f"{folder}/part={name}").cache() for name in ("fit", "validation", "test")
)
train = fit_rows.unionAll(validation).cache()
print(f"{fit_rows.count():,} to fit, {validation.count():,} to validate, {test.count():,} to test")

# %% [markdown]
# ALS cuts its work into ten blocks by default. For ratings as few as these, two are quicker. And
# a checkpoint every three rounds keeps Spark's plan short. Hand `**QUICK` to each `ALS` that you
# make.

# %%
spark.sparkContext.setCheckpointDir(make_work_dir("21_als_lab_checkpoints"))
QUICK = {"numUserBlocks": 2, "numItemBlocks": 2, "checkpointInterval": 3, "seed": 21}

# %% [markdown]
# ## Question 1 · Train
#
# Fit an ALS model to the stars in `train`.
#
# - `model`: the fitted model, with rank 4 and a `regParam` of 0.05. When it is asked about a user
#   or film that it has never seen, it leaves the row out.

# %% answer="q1"
# TODO q1: a fitted ALS model.
### STUB model = ...
### BEGIN SOLUTION
als = ALS(
    rank=4, regParam=0.05, userCol="user_id", itemCol="film_id", coldStartStrategy="drop", **QUICK
)
model = als.fit(train)
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% [markdown]
# ## Question 2 · How wrong, and for whom not at all
#
# Judge your model on the test ratings.
#
# - `rmse`: its RMSE in stars, over the test ratings that it can predict
# - `unpredicted`: the number of test ratings that it cannot predict

# %% answer="q2" tags=["nbval-check-output"]
# TODO q2: two numbers.
### STUB rmse = ...
### STUB unpredicted = ...
### BEGIN SOLUTION
predicted = model.transform(test)
rmse = RegressionEvaluator(labelCol="rating").evaluate(predicted)
unpredicted = test.count() - predicted.count()
print(f"RMSE {rmse:.2f} stars; {unpredicted} ratings without a prediction")
### END SOLUTION

# %% check="q2"
lab.q2.check()

# %% [markdown]
# ## Question 3 · Tune the rank
#
# Was 4 the right rank? Fit a model for each rank in `RANKS` to `fit_rows`, everything else as in
# question 1, and judge each one on `validation`.
#
# - `models`: a dict from rank to fitted model
# - `losses`: a dict from rank to the RMSE of that model on the validation ratings that it can
#   predict
# - `best_rank`: the rank that you would choose
#
# **Predict** first: will the largest rank have the lowest loss?

# %%
RANKS = (1, 2, 6, 12)

# %% [markdown]
# Four fits take some seconds.

# %% answer="q3"
# TODO q3: two dicts and a rank.
### STUB models = ...
### STUB losses = ...
### STUB best_rank = ...
### BEGIN SOLUTION
columns = {"userCol": "user_id", "itemCol": "film_id", "coldStartStrategy": "drop"}
models = {rank: ALS(rank=rank, regParam=0.05, **columns, **QUICK).fit(fit_rows) for rank in RANKS}
evaluator = RegressionEvaluator(labelCol="rating", metricName="rmse")
losses = {rank: evaluator.evaluate(each.transform(validation)) for rank, each in models.items()}
best_rank = min(losses, key=losses.get)
print({rank: round(loss, 2) for rank, loss in losses.items()}, "best:", best_rank)
### END SOLUTION

# %% check="q3"
lab.q3.check()

# %% [markdown]
# ## Question 4 · Ten films for everybody
#
# Write the mails with `model`, your model of question 1. Each user that the model knows gets ten
# films: those with the highest predictions among the films that this user has *not* rated in
# `train`.
#
# - `top10`: a data frame with the columns `user_id`, `film_id` and `place`, which is 1 for the film
#   with the highest prediction, and so on to 10
# - `precision`: a film of the list is a hit if the user gave it 4 stars or more in the test. Take
#   the share of hits in each user's list, and then the mean over the users of `top10` who gave 4
#   stars or more to at least one film in the test.

# %% answer="q4"
# TODO q4: a data frame and a number.
### STUB top10 = ...
### STUB precision = ...
### BEGIN SOLUTION
most = train.groupBy("user_id").count().agg(F.max("count")).first()[0]
lists = model.recommendForAllUsers(10 + most)
best_first = Window.partitionBy("user_id").orderBy(F.desc("score"))
top10 = (
    lists.select("user_id", F.explode("recommendations").alias("r"))
    .select("user_id", "r.film_id", F.col("r.rating").alias("score"))
    .join(train, ["user_id", "film_id"], "left_anti")
    .withColumn("place", F.row_number().over(best_first))
    .filter("place <= 10")
    .select("user_id", "film_id", "place")
    .cache()
)
liked = test.filter("rating >= 4").select("user_id", "film_id")
hits = top10.join(liked, ["user_id", "film_id"], "left_semi").count()
people = top10.filter("place = 1").join(liked, "user_id", "left_semi").count()
precision = hits / (10 * people)
### END SOLUTION

# %% check="q4"
lab.q4.check()

# %% [markdown]
# ## Question 5 · Recommend films to yourself
#
# The model has never heard of you. These are five films that many people have rated. Change the
# stars to what you like; the titles will have to do.

# %%
MY_STARS = [5, 2, 4, 1, 3]
most_rated = train.groupBy("film_id").count().orderBy(F.desc("count"), "film_id").limit(5)
my_ratings = dict(zip([row.film_id for row in most_rated.collect()], MY_STARS, strict=True))

# %% tags=["nbval-check-output"]
mine = films.filter(F.col("film_id").isin(list(my_ratings)))
mine.select("film_id", "title", "genres").orderBy("film_id").show(truncate=False)

# %% [markdown]
# The films keep the factors that `model` has given them; yours are one ridge regression away.
#
# - `fold_in(stars)`: a function that gets a dict from film id to stars, such as `my_ratings`, and
#   returns the factors of this person, as many numbers as the model's rank. The penalty is 0.05
#   times the number of ratings, as in Spark. It must work for any films that the model knows.
# - `my_films`: the ids of the ten films with the highest predictions for you, the best one first.
#   The five that you have rated are not among them.

# %% answer="q5"
# TODO q5: a function, and ten film ids.
### STUB my_films = ...
### BEGIN SOLUTION
rows = model.itemFactors.toPandas()
vector_of = dict(zip(rows["id"], np.array(rows["features"].tolist()), strict=True))
### END SOLUTION


def fold_in(stars):
    """The factors of somebody who gave these stars: {film id: stars}."""
    ### STUB return ...
    ### BEGIN SOLUTION
    known = np.array([vector_of[film] for film in stars])
    penalty = 0.05 * len(stars) * np.eye(known.shape[1])
    return np.linalg.solve(known.T @ known + penalty, known.T @ np.array(list(stars.values())))


me = fold_in(my_ratings)
my_scores = {film: me @ vector for film, vector in vector_of.items() if film not in my_ratings}
my_films = sorted(my_scores, key=my_scores.get, reverse=True)[:10]
### END SOLUTION

# %% check="q5"
lab.q5.check()

# %% [markdown]
# ## Question 6 · A film that nobody has rated
#
# This morning a film has arrived. It has genres, but no rating in `train`, and so no factors.

# %% tags=["nbval-check-output"]
unknown = films.filter("genres != ''").join(train, "film_id", "left_anti")
unknown = unknown.orderBy(F.desc(F.size(F.split("genres", r"\|"))), "film_id")
NEW_FILM = unknown.first().film_id
unknown.limit(1).select("film_id", "title", "genres").show(truncate=False)

# %% [markdown]
# Let its genres stand in. Take all films that `model` knows and that share at least one genre with
# it.
#
# - `new_factors`: the mean of their factors, each film counted once: a list of as many numbers as
#   the model's rank
# - `fans`: the ids of the ten users with the highest predictions for this film, the highest first.
#   These are the people to tell about it.

# %% answer="q6"
# TODO q6: the factors of the new film, and ten user ids.
### STUB new_factors = ...
### STUB fans = ...
### BEGIN SOLUTION
genres_of = dict(films.select("film_id", F.split("genres", r"\|")).collect())
wanted = set(genres_of[NEW_FILM])
items = {row.id: row.features for row in model.itemFactors.collect()}
alike = [vector for film, vector in items.items() if wanted & set(genres_of[film])]
new_factors = np.mean(alike, axis=0).tolist()
people = model.userFactors.toPandas()
people["score"] = np.array(people["features"].tolist()) @ new_factors
fans = people.nlargest(10, "score")["id"].tolist()
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
# - An ALS model is two tables of factors. It predicts for users and films that have been in the
#   rows it was fitted to, and for nobody else; count the others before you drop them.
# - The rank is chosen with validation ratings. A larger one learns more taste, and then the noise.
# - A list for everybody leaves out what people have rated already. That is your job, not Spark's.
# - New people get factors from their own few ratings, new films from films like them. Neither
#   needs a new fit.
#
# **Check yourself:** the precision of question 4 is low. Which model of the demo would have a
# higher one, and would you send its mail?
#
# **Exam:** fitting and tuning ALS; regression metrics and ranking metrics; the cold-start strategy
#
# **Next:** the quiz below, then lesson 22, where a model goes to work.

# %%
ask_quiz("21")
