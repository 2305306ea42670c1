write(wide.withColumn("price", F.col("price").cast("int")), option="overwriteSchema")
old_rows = at(0)
run_1 = good_run
