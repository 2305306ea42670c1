by_place = (
    train.groupBy("neighbourhood_cleansed")
    .agg(
        F.count("*").alias("listings"),
        F.median("price").alias("median_price"),
        F.mean("latitude").alias("latitude"),
        F.mean("longitude").alias("longitude"),
    )
    .toPandas()
    .round({"latitude": 4, "longitude": 4})
)
ax = draw_city()
scale = plt.Normalize(by_place["median_price"].min(), by_place["median_price"].max())
for place in by_place.itertuples():
    ax.scatter(
        place.longitude, place.latitude, s=place.listings**0.5, c=[place.median_price], norm=scale
    )
plt.close(ax.figure)
