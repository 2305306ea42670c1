write(wide)
old_rows = spark.read.format("delta").option("versionAsOf", 0).load(q1_table)
run_1 = good_run
