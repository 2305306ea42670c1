def fold_in(stars):
    numbers = dict(zip(sorted(stars), stars.values(), strict=True))
    return right_fold(numbers)


my_films = ranked(right_fold, my_ratings)[:10]
