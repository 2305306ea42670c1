window = Window.partitionBy("id").orderBy(F.desc("last_updated"))
newest = typed.withColumn("place", F.row_number().over(window)).where("place = 1").drop("place")
usual = typed.where("review_scores_rating <= 5").agg(F.median("review_scores_rating")).first()[0]
rating = F.when(F.col("review_scores_rating") == 999, usual).otherwise(
    F.col("review_scores_rating")
)
clean = newest.withColumns(
    {
        "bedrooms": F.nullif("bedrooms", F.lit(-1)),
        "review_scores_rating": rating,
        "latitude": F.greatest("latitude", "longitude"),
        "longitude": F.least("latitude", "longitude"),
    }
).where("price > 0 AND accommodates > 0 AND minimum_nights <= 365")
