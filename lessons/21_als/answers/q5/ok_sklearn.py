from sklearn.linear_model import Ridge


def fold_in(stars):
    known = np.stack([vector_of[film] for film in stars])
    model_of_me = Ridge(alpha=0.05 * len(stars), fit_intercept=False)
    return tuple(model_of_me.fit(known, list(stars.values())).coef_)


me = fold_in(my_ratings)
table = rows[~rows["id"].isin(list(my_ratings))].copy()
table["score"] = [float(np.dot(me, features)) for features in table["features"]]
my_films = table.nlargest(10, "score")["id"]
