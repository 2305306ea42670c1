by_place = (
    train.groupBy("neighbourhood_cleansed")
    .agg(
        F.count("*").alias("listings"),
        F.median("price").alias("median_price"),
        F.mean("latitude").alias("latitude"),
        F.mean("longitude").alias("longitude"),
    )
    .toPandas()
)
ax = draw_city()
seen = train.select("longitude", "latitude", "price").toPandas()
ax.scatter(seen["longitude"], seen["latitude"], s=4, c=seen["price"])
plt.close(ax.figure)
