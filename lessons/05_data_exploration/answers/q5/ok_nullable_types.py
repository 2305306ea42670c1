by_place = places.convert_dtypes()
ax = draw(
    by_place["longitude"], by_place["latitude"], s=by_place["listings"], c=by_place["median_price"]
)
