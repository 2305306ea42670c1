newest_first = Window.partitionBy("id").orderBy(F.desc("last_updated"))
swapped = F.col("latitude") < F.col("longitude")
clean = (
    typed.withColumn("place", F.row_number().over(newest_first))
    .filter("place = 1")
    .withColumns(
        {
            "review_scores_rating": F.expr("nullif(review_scores_rating, 999)"),
            "bedrooms": F.expr("nullif(bedrooms, -1)"),
            "latitude": F.when(swapped, F.col("longitude")).otherwise(F.col("latitude")),
            "longitude": F.when(swapped, F.col("latitude")).otherwise(F.col("longitude")),
        }
    )
    .filter("price > 0 AND accommodates > 0 AND minimum_nights <= 365")
)
