by_place = places.copy()
ax = draw(by_place["longitude"], by_place["latitude"], s=by_place["median_price"])
