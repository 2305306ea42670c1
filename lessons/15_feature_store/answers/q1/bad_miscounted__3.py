marked = rides.withColumn("begins", F.date_trunc("hour", "started_at"))
every_hour = (
    grid.join(marked, ["station", "begins"], "left")
    .groupBy("station", "begins")
    .agg(F.count("*").alias("rides_1h"))
)
day = Window.partitionBy("station").orderBy("begins").rowsBetween(-23, 0)
hourly = every_hour.select(
    "station",
    F.expr("begins + interval 1 hour").alias("known_at"),
    "rides_1h",
    F.sum("rides_1h").over(day).alias("rides_24h"),
)
