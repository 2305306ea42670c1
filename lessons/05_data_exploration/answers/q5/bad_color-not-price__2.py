by_place = places.copy()
ax = draw(by_place["longitude"], by_place["latitude"], c=by_place["listings"])
