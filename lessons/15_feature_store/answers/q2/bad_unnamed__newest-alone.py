forget("station_hours")
newest = hourly.where(F.col("known_at") == friday)
entry = fe.create_table(
    "station_hours",
    "station",
    newest,
    timeseries_columns="known_at",
    description="rides",
    tags={"team": "fleet"},
)
fe.write_table("station_hours", hourly.where(F.col("known_at") > friday))
