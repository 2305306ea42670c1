old_rows = at(0)
shutil.rmtree(q1_table)
spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
wide.write.format("delta").save(q1_table)
run_1 = good_run
