forget("station_hours")
entry = fe.create_table(
    "station_hours",
    ["station"],
    hourly.where("known_at <= timestamp '2024-05-10'").repartition(2),
    timeseries_columns="known_at",
    description="How many rides an hour",
    tags={"team": "fleet", "refresh": "hourly"},
)
for half in ("known_at <= '2024-05-10 12:00'", "known_at > '2024-05-10 12:00'"):
    fe.write_table("station_hours", hourly.where(F.col("known_at") > friday).where(half))
