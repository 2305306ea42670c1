import seaborn as sns

by_place = places.set_index("neighbourhood_cleansed")
look = {"hue": "median_price", "size": "listings", "sizes": (10, 300), "legend": False}
ax = sns.scatterplot(by_place, x="longitude", y="latitude", ax=draw_city(), **look)
plt.close(ax.figure)
