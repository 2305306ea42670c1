q1_table = make_table("q1")
table = DeltaTable.forPath(spark, q1_table)
good_version = table.history().where("version = 1").select("version").first()
table.restoreToVersion(good_version["version"])
