by_place = places.copy()
ax = draw_city()
scale = plt.Normalize(by_place["median_price"].min(), by_place["median_price"].max())
for place in by_place.itertuples():
    ax.scatter(
        place.longitude, place.latitude, s=place.listings**0.5, c=[place.median_price], norm=scale
    )
plt.close(ax.figure)
