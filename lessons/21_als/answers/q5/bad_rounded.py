def fold_in(stars):
    return [round(value, 3) for value in right_fold(stars)]


my_films = ranked(right_fold, my_ratings)[:10]
