by_place = places.assign(median_price=places["median_price"].where(places["listings"] >= 20))
ax = draw(
    by_place["longitude"], by_place["latitude"], s=by_place["listings"], c=by_place["median_price"]
)
