per = rides.groupBy("station", F.date_trunc("hour", "started_at").alias("begins")).agg(
    F.count("*").alias("rides_1h")
)
day = Window.partitionBy("station").orderBy("begins").rowsBetween(-23, 0)
per = per.withColumn("rides_24h", F.sum("rides_1h").over(day))
hourly = (
    grid.join(per, ["station", "begins"], "left")
    .fillna(0)
    .select(
        "station", F.expr("begins + interval 1 hour").alias("known_at"), "rides_1h", "rides_24h"
    )
)
