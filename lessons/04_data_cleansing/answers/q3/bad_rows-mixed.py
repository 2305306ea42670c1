swapped = F.col("latitude") < F.col("longitude")
others = [name for name in typed.columns if name != "id"]
clean = (
    typed.groupBy("id")
    .agg(*[F.max(name).alias(name) for name in others])
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
