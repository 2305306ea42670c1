by_place = places.copy()
scale = plt.Normalize(by_place["listings"].min(), by_place["listings"].max())
ax = draw(
    by_place["longitude"],
    by_place["latitude"],
    s=by_place["listings"],
    color=plt.cm.coolwarm(scale(by_place["listings"])),
)
