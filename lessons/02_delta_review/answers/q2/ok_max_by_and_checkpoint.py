q2_table = make_table("q2")
columns = days[3].columns[1:]
newest = [F.max_by(name, "updated_at").alias(name) for name in columns]
latest = days[3].groupBy("trip_id").agg(*newest).localCheckpoint()
target = DeltaTable.forPath(spark, q2_table).alias("t")
merge = target.merge(latest.alias("s"), "t.trip_id = s.trip_id")
merge.whenMatchedUpdateAll("s.updated_at > t.updated_at").whenNotMatchedInsertAll().execute()
