write(listings.withColumn("log_price", F.log10("price")))
old_rows = at(0)
run_1 = good_run
