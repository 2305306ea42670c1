rmse = right_rmse
unpredicted = test.join(train.select("film_id").distinct(), "film_id", "left_anti").count()
