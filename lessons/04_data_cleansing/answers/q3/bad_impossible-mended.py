window = Window.partitionBy("id").orderBy(F.desc("last_updated"))
newest = typed.withColumn("place", F.row_number().over(window)).where("place = 1").drop("place")
clean = newest.withColumns(
    {
        "bedrooms": F.nullif("bedrooms", F.lit(-1)),
        "review_scores_rating": F.nullif("review_scores_rating", F.lit(999)),
        "latitude": F.greatest("latitude", "longitude"),
        "longitude": F.least("latitude", "longitude"),
        "minimum_nights": F.least("minimum_nights", F.lit(365)),
    }
).where("price > 0 AND accommodates > 0")
