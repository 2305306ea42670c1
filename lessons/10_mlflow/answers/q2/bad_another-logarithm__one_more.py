write(listings.withColumn("log_price", F.log1p("price")))
old_rows = at(0)
run_1 = good_run
