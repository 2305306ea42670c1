fold_in = right_fold

named = dict(films.select("film_id", "title").collect())
my_films = [named[film] for film in ranked(fold_in, my_ratings)[:10]]
