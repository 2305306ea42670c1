top10 = (
    model.recommendForAllUsers(10)
    .select("user_id", F.posexplode("recommendations").alias("place", "r"))
    .select("user_id", "r.film_id", (F.col("place") + 1).alias("place"))
)
precision = right_precision
