from matplotlib.colors import LinearSegmentedColormap

by_place = places.copy()
own = LinearSegmentedColormap.from_list("own", ["#dddddd", "#3355aa", "#ffaa00"])
colors = own(plt.Normalize()(by_place["median_price"]))
rings = {"facecolors": "none", "edgecolors": colors}
ax = draw(by_place["longitude"], by_place["latitude"], s=by_place["listings"], **rings).figure
