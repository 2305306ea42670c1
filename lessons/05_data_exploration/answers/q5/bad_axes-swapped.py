by_place = places.copy()
ax = draw(
    by_place["latitude"], by_place["longitude"], s=by_place["listings"], c=by_place["median_price"]
)
