by_place = (
    train.groupBy("neighbourhood_cleansed")
    .agg(
        F.count("*").alias("listings"),
        F.mean("price").alias("median_price"),
        F.mean("latitude").alias("latitude"),
        F.mean("longitude").alias("longitude"),
    )
    .toPandas()
)
ax = draw(
    by_place["longitude"], by_place["latitude"], s=by_place["listings"], c=by_place["median_price"]
)
