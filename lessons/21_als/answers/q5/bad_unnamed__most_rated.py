fold_in = right_fold

most = train.groupBy("film_id").count().orderBy(F.desc("count"), "film_id").limit(15).collect()
my_films = [row.film_id for row in most][5:]
