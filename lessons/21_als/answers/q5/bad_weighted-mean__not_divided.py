def fold_in(stars):
    return sum(given * vector_of[film] for film, given in stars.items())


my_films = ranked(right_fold, my_ratings)[:10]
