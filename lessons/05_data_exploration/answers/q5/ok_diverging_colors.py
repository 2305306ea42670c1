by_place = places.copy()
scale = plt.Normalize(by_place["median_price"].min(), by_place["median_price"].max())
ax = draw(
    by_place["longitude"],
    by_place["latitude"],
    s=by_place["listings"],
    color=plt.cm.coolwarm(scale(by_place["median_price"])),
)
