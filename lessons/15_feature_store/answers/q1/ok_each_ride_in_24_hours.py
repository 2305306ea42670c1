spread = rides.withColumn("back", F.explode(F.sequence(F.lit(0), F.lit(23))))
spread = spread.withColumn(
    "begins", F.date_trunc("hour", "started_at") + F.make_dt_interval(hours="back")
)
sums = spread.groupBy("station", "begins").agg(
    F.count_if(F.col("back") == 0).alias("rides_1h"), F.count("*").alias("rides_24h")
)
hourly = (
    grid.join(sums, ["station", "begins"], "left")
    .fillna(0)
    .withColumn("known_at", F.expr("begins + interval 1 hour"))
    .drop("begins")
)
