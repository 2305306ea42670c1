q2_table = make_table("q2")
newest_first = Window.partitionBy("trip_id").orderBy(F.desc("updated_at"))
latest = days[3].withColumn("n", F.row_number().over(newest_first)).filter("n = 1").drop("n")
target = DeltaTable.forPath(spark, q2_table)

both = spark.read.format("delta").load(q2_table).union(latest)
ranked = both.withColumn("n", F.row_number().over(newest_first))
ranked.filter("n = 1").drop("n").write.format("delta").mode("overwrite").save(q2_table)
