seen = train.select("neighbourhood_cleansed", "price", "latitude", "longitude").toPandas()
seen["neighbourhood_cleansed"] = seen["neighbourhood_cleansed"].astype("category")
grouped = seen.groupby("neighbourhood_cleansed", observed=True)
by_place = grouped[["latitude", "longitude"]].mean().reset_index()
by_place["listings"] = grouped.size().to_numpy()
by_place["median_price"] = grouped["price"].quantile(0.5, interpolation="lower").to_numpy()
ax = draw(
    by_place["longitude"], by_place["latitude"], s=by_place["listings"], c=by_place["median_price"]
)
