rows = model.itemFactors.toPandas()
vector_of = dict(zip(rows["id"].tolist(), np.array(rows["features"].tolist()), strict=True))


def solved(stars, penalty):
    known = np.array([vector_of[film] for film in stars])
    left = known.T @ known + penalty * np.eye(known.shape[1])
    return np.linalg.solve(left, known.T @ np.array(list(stars.values())))


def right_fold(stars):
    return solved(stars, 0.05 * len(stars))


def ranked(fold, rated=()):
    me = fold(my_ratings)
    return sorted((f for f in vector_of if f not in rated), key=lambda f: -(me @ vector_of[f]))
