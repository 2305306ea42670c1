moments = typed.withColumns(
    {
        "price": F.col("price").cast("decimal(12, 2)"),
        "last_updated": F.col("last_updated").cast("timestamp"),
        "host_since": F.col("host_since").cast("timestamp"),
    }
)
window = Window.partitionBy("id").orderBy("last_updated")
last = F.row_number().over(window) == F.count("*").over(Window.partitionBy("id"))
rest = moments.withColumn("last", last).where("last").drop("last")
clean = (
    rest.replace(-1, None, ["bedrooms"])
    .replace(999, None, ["review_scores_rating"])
    .withColumns(
        {
            "latitude": F.greatest("latitude", "longitude"),
            "longitude": F.least("latitude", "longitude"),
        }
    )
    .where("price > 0 AND accommodates > 0 AND minimum_nights <= 365")
)
