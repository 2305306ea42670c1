fold_in = right_fold

my_films = [row.id for row in model.userFactors.orderBy(F.desc("id")).limit(10).collect()]
