by_place = places.copy()
colors, sizes = sorted(by_place["median_price"]), by_place["listings"]
ax = draw(by_place["longitude"], by_place["latitude"], c=colors, s=sizes)
