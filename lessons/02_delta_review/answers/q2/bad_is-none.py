q2_table = make_table("q2")
newest_first = Window.partitionBy("trip_id").orderBy(F.desc("updated_at"))
ranked = days[3].withColumn("n", F.row_number().over(newest_first)).filter("n = 1").drop("n")
latest = ranked.show(3)
