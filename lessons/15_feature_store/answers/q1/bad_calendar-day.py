hourly_rides = rides.groupBy("station", F.date_trunc("hour", "started_at").alias("begins")).agg(
    F.count("*").alias("rides_1h")
)
every_hour = grid.join(hourly_rides, ["station", "begins"], "left").fillna(0, ["rides_1h"])
day = Window.partitionBy("station", F.to_date("begins"))
hourly = every_hour.select(
    "station",
    F.expr("begins + interval 1 hour").alias("known_at"),
    "rides_1h",
    F.sum("rides_1h").over(day).alias("rides_24h"),
)
