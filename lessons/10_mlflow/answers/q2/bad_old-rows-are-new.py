write(wide)
old_rows = spark.read.format("delta").load(q1_table).toPandas()
run_1 = good_run
