write(listings.withColumn("log_price", F.log("price").cast("string")))
old_rows = at(0)
run_1 = good_run
