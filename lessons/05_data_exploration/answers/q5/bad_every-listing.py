by_place = places.copy()
seen = train.select("longitude", "latitude", "price").toPandas()
ax = draw(seen["longitude"], seen["latitude"], s=4, c=seen["price"])
