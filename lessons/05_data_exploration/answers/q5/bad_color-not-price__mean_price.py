mean = train.groupBy("neighbourhood_cleansed").agg(F.mean("price").alias("mean")).toPandas()
by_place = places.merge(mean, on="neighbourhood_cleansed")
ax = draw(by_place["longitude"], by_place["latitude"], s=by_place["listings"], c=by_place["mean"])
