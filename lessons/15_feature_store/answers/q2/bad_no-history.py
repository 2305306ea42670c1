forget("station_hours")
entry = fe.create_table(
    "station_hours",
    ["station", "known_at"],
    hourly.where(F.col("known_at") <= friday),
    description="rides that began at a station, by hour",
    tags={"team": "fleet"},
)
