by_place = places.copy()
draw(
    by_place["longitude"], by_place["latitude"], s=by_place["listings"], c=by_place["median_price"]
)
ax = plt
