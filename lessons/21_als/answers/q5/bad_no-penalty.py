def fold_in(stars):
    return solved(stars, 1e-9)


my_films = ranked(right_fold, my_ratings)[:10]
