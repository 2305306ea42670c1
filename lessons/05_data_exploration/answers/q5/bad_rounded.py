by_place = places.round({"latitude": 4, "longitude": 4})
ax = draw(
    by_place["longitude"], by_place["latitude"], s=by_place["listings"], c=by_place["median_price"]
)
