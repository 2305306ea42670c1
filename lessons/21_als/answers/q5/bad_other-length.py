def fold_in(stars):
    me = right_fold(stars)
    return [float(me @ vector) for vector in vector_of.values()]


my_films = ranked(right_fold, my_ratings)[:10]
