write(listings.withColumn("log", F.log("price")))
old_rows = at(0)
run_1 = good_run
