seen = train.select("neighbourhood_cleansed", "price", "latitude", "longitude").toPandas()
by_place = (
    seen.groupby("neighbourhood_cleansed")
    .agg(
        listings=("price", "size"),
        median_price=("price", "median"),
        latitude=("latitude", "mean"),
        longitude=("longitude", "mean"),
    )
    .reset_index()
)
ax = by_place.plot.scatter(
    "longitude", "latitude", s="listings", c="median_price", colormap="cividis"
)
plt.close(ax.figure)
