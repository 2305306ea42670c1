q2_table = make_table("q2")
times = days[3].groupBy("trip_id").agg(F.max("updated_at").alias("last"))
same = (days[3]["trip_id"] == times["trip_id"]) & (days[3]["updated_at"] == times["last"])
latest = days[3].join(times, same)
