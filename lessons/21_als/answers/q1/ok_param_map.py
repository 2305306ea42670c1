# Better when the same estimator is fitted with several settings: fit() takes them beside the rows.
base = ALS(userCol="user_id", itemCol="film_id", maxIter=1, **QUICK)
settings = {base.rank: 4, base.regParam: 0.05, base.coldStartStrategy: "drop"}
model = base.fit(ratings.join(test, ["user_id", "film_id"], "left_anti"), settings)
