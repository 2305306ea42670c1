latest = F.max("last_updated").over(Window.partitionBy("id"))
rows = typed.withColumn("latest", latest).filter("last_updated = latest").drop("latest")
rows = rows.filter((F.col("price") > 0) & (F.col("accommodates") > 0))
rows = rows.filter(F.col("minimum_nights") <= 365)
swapped = F.col("latitude") < 60
rows = rows.select(
    "*",
    F.when(swapped, F.col("longitude")).otherwise(F.col("latitude")).alias("north"),
    F.when(swapped, F.col("latitude")).otherwise(F.col("longitude")).alias("east"),
)
rows = rows.withColumn("latitude", F.col("north")).withColumn("longitude", F.col("east"))
rating, bedrooms = F.col("review_scores_rating"), F.col("bedrooms")
clean = rows.drop("north", "east").withColumns(
    {
        "review_scores_rating": F.when(rating != 999, rating),
        "bedrooms": F.when(bedrooms >= 0, bedrooms),
    }
)
