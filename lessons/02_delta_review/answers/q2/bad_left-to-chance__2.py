q2_table = make_table("q2")
others = [F.first(name).alias(name) for name in days[3].columns if name != "trip_id"]
latest = days[3].orderBy(F.desc("updated_at")).groupBy("trip_id").agg(*others)
target = DeltaTable.forPath(spark, q2_table).alias("t")
merge = target.merge(latest.alias("s"), "t.trip_id = s.trip_id")
merge.whenMatchedUpdateAll("s.updated_at > t.updated_at").whenNotMatchedInsertAll().execute()
