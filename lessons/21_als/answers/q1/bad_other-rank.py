model = ALS(
    regParam=0.05,
    userCol="user_id",
    itemCol="film_id",
    coldStartStrategy="drop",
    maxIter=1,
    **QUICK,
).fit(train)
