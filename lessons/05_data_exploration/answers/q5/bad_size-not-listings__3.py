by_place = places.copy()
ax = draw(
    by_place["longitude"],
    by_place["latitude"],
    s=1e5 / by_place["listings"],
    c=by_place["median_price"],
)
