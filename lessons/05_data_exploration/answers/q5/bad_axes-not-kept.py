by_place = places.copy()
ax = draw_city()
ax.scatter(
    by_place["longitude"], by_place["latitude"], s=by_place["listings"], c=by_place["median_price"]
)
ax = show(ax, alt="Map of the neighborhoods, colored by their median price")
