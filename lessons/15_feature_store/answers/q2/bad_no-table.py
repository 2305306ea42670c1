forget("station_hours")
forget("stations")
entry = fe.create_table(
    "stations",
    "station",
    hourly.where(F.col("known_at") <= friday),
    timeseries_columns="known_at",
    description="rides that began at a station, by hour",
    tags={"team": "fleet"},
)
