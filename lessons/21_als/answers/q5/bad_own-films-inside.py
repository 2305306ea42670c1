fold_in = right_fold
my_films = (list(my_ratings) + ranked(fold_in, my_ratings))[:10]
