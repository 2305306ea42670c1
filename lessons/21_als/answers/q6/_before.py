import pandas as pd

items = model.itemFactors.toPandas().rename(columns={"id": "film_id"})
items = items.merge(films.select("film_id", "genres").toPandas())
vectors = np.array(items["features"].tolist())
wanted = films.filter(F.col("film_id") == NEW_FILM).first().genres.split("|")
flags = items["genres"].str.get_dummies("|").reindex(columns=wanted, fill_value=0).to_numpy()
shared = flags.sum(axis=1)
right_vector = vectors[shared > 0].mean(axis=0)
people = model.userFactors.toPandas()


def users_for(vector, ascending=False):
    scored = people.assign(score=np.array(people["features"].tolist()) @ np.asarray(vector))
    return scored.sort_values("score", ascending=ascending)["id"].tolist()


right_fans = users_for(right_vector)[:10]
