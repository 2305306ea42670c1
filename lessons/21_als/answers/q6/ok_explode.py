# Better when there are many films: Spark finds those that share a genre, and takes the means.
of_each = films.select("film_id", F.explode(F.split("genres", "[|]")).alias("genre"))
near = of_each.filter(F.col("genre").isin(wanted)).select("film_id").distinct()
known = model.itemFactors.withColumnRenamed("id", "film_id").join(near, "film_id")
means = known.agg(*[F.avg(F.col("features")[i]) for i in range(model.rank)]).first()
new_factors = tuple(means)
score = sum(F.col("features")[i] * means[i] for i in range(model.rank))
fans = [row.id for row in model.userFactors.orderBy(score.desc()).limit(10).collect()]
