als = ALS(
    rank=4, userCol="user_id", itemCol="film_id", coldStartStrategy="drop", maxIter=1, **QUICK
)
model = als.fit(train)
