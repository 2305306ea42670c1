by_place = (
    train.groupBy("neighbourhood_cleansed")
    .agg(
        F.count("*").alias("listings"),
        F.median("price").alias("median_price"),
        F.mean("latitude").alias("latitude"),
        F.mean("longitude").alias("longitude"),
    )
    .show(3)
)
ax = draw_city()

plt.close(ax.figure)
