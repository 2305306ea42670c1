old_rows = at(0)
write(wide)
spark.conf.set("spark.databricks.delta.retentionDurationCheck.enabled", "false")
DeltaTable.forPath(spark, q1_table).vacuum(0)
spark.conf.unset("spark.databricks.delta.retentionDurationCheck.enabled")
run_1 = good_run
