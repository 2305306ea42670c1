write(wide.withColumn("price", F.col("log_price")))
old_rows = at(0)
run_1 = good_run
