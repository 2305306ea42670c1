begun = rides.groupBy("station", F.date_trunc("hour", "started_at").alias("begins"))
counts = begun.agg(F.count("*").alias("rides_1h"))
filled = grid.join(counts, ["station", "begins"], "left").fillna(0)
day = Window.partitionBy("station").orderBy("begins").rowsBetween(-23, 0)
hourly = filled.withColumn("rides_24h", F.sum("rides_1h").over(day))
hourly = hourly.withColumn("known_at", F.expr("begins + interval 1 hour")).drop("begins")
hourly = hourly.where("known_at >= '2024-05-08'")  # whose window is full
