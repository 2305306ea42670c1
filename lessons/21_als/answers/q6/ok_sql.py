items.drop(columns="features").pipe(spark.createDataFrame).createOrReplaceTempView("known_films")
pattern = "|".join(f"(^|[|]){name}($|[|])" for name in wanted)
near = spark.sql(f"SELECT film_id FROM known_films WHERE genres RLIKE '{pattern}'").toPandas()
new_factors = vectors[items["film_id"].isin(near["film_id"])].mean(axis=0)
products = np.array(people["features"].tolist()) @ new_factors
fans = people["id"].to_numpy()[np.argpartition(-products, 10)[:10]]
fans = sorted(fans.tolist(), key=lambda user: -products[people["id"] == user][0])
