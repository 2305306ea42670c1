q1_table = make_table("q1")
good_version = 1
old = spark.read.format("delta").option("versionAsOf", good_version).load(q1_table)
old.write.format("delta").mode("overwrite").save(q1_table)
spark.conf.set("spark.databricks.delta.retentionDurationCheck.enabled", "false")
DeltaTable.forPath(spark, q1_table).vacuum(0)
spark.conf.unset("spark.databricks.delta.retentionDurationCheck.enabled")
