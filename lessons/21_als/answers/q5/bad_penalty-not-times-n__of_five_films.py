def fold_in(stars):
    return solved(stars, 0.25)


my_films = ranked(fold_in, my_ratings)[:10]
