forget("station_hours")
entry = fe.create_table(
    "station_hours",
    "station",
    hourly.drop("rides_24h").where(F.col("known_at") <= friday),
    timeseries_columns="known_at",
    description="rides that began at a station, by hour",
    tags={"team": "fleet"},
)
fe.write_table("station_hours", hourly.drop("rides_24h").where(F.col("known_at") > friday))
