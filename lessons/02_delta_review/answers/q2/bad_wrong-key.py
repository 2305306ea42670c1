q2_table = make_table("q2")
newest_first = Window.partitionBy("trip_id").orderBy(F.desc("updated_at"))
latest = days[3].withColumn("n", F.row_number().over(newest_first)).filter("n = 1").drop("n")
target = DeltaTable.forPath(spark, q2_table)

same = "t.trip_id = s.trip_id AND t.updated_at = s.updated_at"
merge = target.alias("t").merge(latest.alias("s"), same)
merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
