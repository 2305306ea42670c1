forget("station_hours")
entry = fe.create_table(
    "station_hours",
    "station",
    hourly.where(F.col("known_at") <= friday),
    timeseries_columns="known_at",
    description="rides that began at a station, by hour",
    tags={"team": "fleet"},
)
later = hourly.where(F.col("known_at") > friday).where("known_at < '2024-05-11'")
fe.write_table("station_hours", later)
