forget("station_hours")
entry = fe.create_table(
    "station_hours",
    "station",
    hourly.where(F.col("known_at") <= friday),
    timeseries_columns="known_at",
    description="How busy a station is",
    tags={"team": "fleet", "topic": "rides"},
)
fe.write_table("station_hours", hourly.where(F.col("known_at") > friday))
