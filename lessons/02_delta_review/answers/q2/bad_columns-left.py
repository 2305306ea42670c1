q2_table = make_table("q2")
newest_first = Window.partitionBy("trip_id").orderBy(F.desc("updated_at"))
latest = days[3].withColumn("n", F.row_number().over(newest_first)).filter("n = 1").drop("n")
target = DeltaTable.forPath(spark, q2_table).alias("t")

merge = target.merge(latest.alias("s"), "t.trip_id = s.trip_id")
merge = merge.whenMatchedUpdate("s.updated_at > t.updated_at", {"price": "s.price"})
merge.whenNotMatchedInsertAll().execute()
