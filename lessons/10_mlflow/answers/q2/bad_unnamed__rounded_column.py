write(listings.withColumn("log_price", F.round(F.log("price"), 2)))
old_rows = at(0)
run_1 = good_run
