fold_in = right_fold
my_films = sorted(ranked(fold_in, my_ratings)[:10])
