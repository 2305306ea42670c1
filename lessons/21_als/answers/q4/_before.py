import pandas as pd

people, items = (f.toPandas().sort_values("id") for f in (model.userFactors, model.itemFactors))
user_ids, film_ids = people["id"].to_numpy(), items["id"].to_numpy()
scores = np.array(people["features"].tolist()) @ np.array(items["features"].tolist()).T


def mask(rows):
    """users × films, True where there is such a rating."""
    pairs = rows.select("user_id", "film_id").toPandas()
    pairs = pairs[pairs["user_id"].isin(user_ids) & pairs["film_id"].isin(film_ids)]
    made = np.zeros(scores.shape, dtype=bool)
    made[
        np.searchsorted(user_ids, pairs["user_id"]), np.searchsorted(film_ids, pairs["film_id"])
    ] = 1
    return made


seen, later, liked = mask(train), mask(test), mask(test.filter("rating >= 4"))
unseen = np.where(seen, -np.inf, scores)
pleased = set(test.filter("rating >= 4").toPandas()["user_id"])
pleased = np.array([user in pleased for user in user_ids])


def table(best, first=1):
    """A pandas frame of the columns that are asked for, from films' places per user."""
    n = best.shape[1]
    places = np.tile(np.arange(first, first + n), len(best))
    users, films = np.repeat(user_ids, n), film_ids[best.ravel()]
    return pd.DataFrame({"user_id": users, "film_id": films, "place": places})


def hits(best, wanted):
    return np.take_along_axis(wanted, best, axis=1).sum(axis=1)


best = np.argsort(-unseen, axis=1)[:, :10]
right = spark.createDataFrame(table(best)).coalesce(1)
right_precision = float(hits(best, liked)[pleased].mean() / 10)
