model = fitted(train, userCol="film_id", itemCol="user_id")
