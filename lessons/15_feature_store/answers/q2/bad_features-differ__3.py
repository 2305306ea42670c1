forget("station_hours")
same = hourly.withColumn("rides_24h", F.col("rides_1h"))
entry = fe.create_table(
    "station_hours",
    "station",
    same.where(F.col("known_at") <= friday),
    timeseries_columns="known_at",
    description="rides that began at a station, by hour",
    tags={"team": "fleet"},
)
fe.write_table("station_hours", same.where(F.col("known_at") > friday))
