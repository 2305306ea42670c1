window = Window.partitionBy("id").orderBy(F.desc("last_updated"))
newest = typed.withColumn("place", F.row_number().over(window)).where("place = 1").drop("place")
usual = newest.where("price > 0").agg(F.median("price")).first()[0]
clean = newest.withColumns(
    {
        "price": F.when(F.col("price") > 0, F.col("price")).otherwise(F.lit(usual)),
        "bedrooms": F.when(F.col("bedrooms") >= 0, F.col("bedrooms")),
        "review_scores_rating": F.when(
            F.col("review_scores_rating") <= 5, F.col("review_scores_rating")
        ),
        "latitude": F.greatest("latitude", "longitude"),
        "longitude": F.least("latitude", "longitude"),
    }
).where("accommodates > 0 AND minimum_nights <= 365")
