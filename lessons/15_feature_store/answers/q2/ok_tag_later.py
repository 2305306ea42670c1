forget("station_hours")
entry = fe.create_table(
    "station_hours",
    ["station", "known_at"],
    hourly.where(F.col("known_at") <= friday),
    timeseries_columns=["known_at"],
    description="RIDES that began at a station: last hour, last 24 hours",
)
fe.write_table("station_hours", hourly.where(F.col("known_at") > friday))
fe.set_tag("station_hours", "team", "fleet")
