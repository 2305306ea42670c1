def fold_in(stars):
    return right_fold(my_ratings)


my_films = ranked(right_fold, my_ratings)[:10]
