q2_table = make_table("q2")
latest = days[3].groupBy("trip_id").agg(F.max("updated_at").alias("updated_at"))
