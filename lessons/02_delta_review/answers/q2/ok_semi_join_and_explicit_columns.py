q2_table = make_table("q2")
times = days[3].groupBy("trip_id").agg(F.max("updated_at").alias("updated_at"))
latest = days[3].join(times, ["trip_id", "updated_at"], "left_semi").cache()
columns = {name: f"s.{name}" for name in latest.columns}
(
    DeltaTable.forPath(spark, q2_table)
    .alias("t")
    .merge(latest.alias("s"), "t.trip_id = s.trip_id")
    .whenMatchedUpdate("t.updated_at < s.updated_at", columns)
    .whenNotMatchedInsert(values=columns)
    .execute()
)
