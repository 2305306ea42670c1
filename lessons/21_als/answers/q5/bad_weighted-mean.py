def fold_in(stars):
    return np.average([vector_of[f] for f in stars], axis=0, weights=list(stars.values()))


my_films = ranked(right_fold, my_ratings)[:10]
