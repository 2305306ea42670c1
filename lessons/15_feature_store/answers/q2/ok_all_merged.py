forget("station_hours")
entry = fe.create_table(
    name="station_hours",
    primary_keys=["station", "known_at"],
    timeseries_columns=["known_at"],
    df=hourly.filter(f"known_at <= '{friday}'"),
    description="Hourly rides of each station",
)
fe.set_tag("station_hours", "team", "fleet")
fe.write_table("station_hours", hourly, mode="merge")
