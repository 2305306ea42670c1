fold_in = right_fold
my_films = ranked(fold_in, my_ratings)[::-1][:10]
