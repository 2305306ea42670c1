def fold_in(stars):
    return solved(stars, 0.1 * len(stars))


my_films = ranked(right_fold, my_ratings)[:10]
