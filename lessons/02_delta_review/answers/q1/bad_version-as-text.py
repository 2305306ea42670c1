q1_table = make_table("q1")
good_version = "1"
DeltaTable.forPath(spark, q1_table).restoreToVersion(1)
