q1_table = make_table("q1")
good_version = 1
table = DeltaTable.forPath(spark, q1_table)
table.restoreToVersion(good_version)
spark.conf.set("spark.databricks.delta.retentionDurationCheck.enabled", "false")
table.vacuum(0)
spark.conf.unset("spark.databricks.delta.retentionDurationCheck.enabled")
