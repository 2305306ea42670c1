q1_table = make_table("q1")
table = DeltaTable.forPath(spark, q1_table)
versions = [row["version"] for row in table.history().collect()]
good_version = max(versions) - 1
table.restoreToVersion(good_version)
table.vacuum()
