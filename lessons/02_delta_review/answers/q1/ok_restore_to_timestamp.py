q1_table = make_table("q1")
table = DeltaTable.forPath(spark, q1_table)
loads = table.history().filter("userMetadata = 'night load'").orderBy("version")
good_version = loads.collect()[-1]["version"]
when = loads.select(F.col("timestamp").cast("string")).collect()[-1][0]
table.restoreToTimestamp(when)
