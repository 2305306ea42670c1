by_place = train.groupBy("neighbourhood_cleansed").agg(F.median("price")).show(3)
ax = draw(places["longitude"], places["latitude"])
