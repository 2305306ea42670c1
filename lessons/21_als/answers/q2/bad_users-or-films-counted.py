rmse = right_rmse
users = train.select("user_id").distinct()
unpredicted = test.select("user_id").distinct().join(users, "user_id", "left_anti").count()
