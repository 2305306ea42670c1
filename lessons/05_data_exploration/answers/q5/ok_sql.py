train.createOrReplaceTempView("places")
by_place = spark.sql("""
    SELECT neighbourhood_cleansed, count(1) AS listings,
           percentile_approx(price, 0.5) AS median_price,
           avg(latitude) AS latitude, avg(longitude) AS longitude
    FROM places GROUP BY neighbourhood_cleansed ORDER BY median_price
""").toPandas()
fig, ax = plt.subplots()
ax.scatter("longitude", "latitude", c="median_price", s="listings", data=by_place)
plt.close(fig)
