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
ax.scatter(
    by_place["longitude"],
    by_place["latitude"],
    s=by_place["median_price"],
    c=by_place["median_price"],
)
plt.close(ax.figure)
