# Better when the penalty is nearly 0: rows of sqrt(penalty) below the features, and least squares.
def fold_in(stars):
    n, k = len(stars), 4
    left = np.vstack([[vector_of[film] for film in stars], np.sqrt(0.05 * n) * np.eye(k)])
    right = np.concatenate([list(stars.values()), np.zeros(k)])
    return np.linalg.lstsq(left, right, rcond=None)[0].tolist()


me = np.array(fold_in(my_ratings))
ids = np.array([film for film in vector_of if film not in my_ratings])
products = np.array([vector_of[film] for film in ids]) @ me
my_films = ids[np.argsort(-products)[:10]]
