q1_table = make_table("q1")
good_version = 0
DeltaTable.forPath(spark, q1_table).restoreToVersion(good_version)
