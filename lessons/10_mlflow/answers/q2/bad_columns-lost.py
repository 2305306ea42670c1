write(wide.select("price", "log_price", "part"), option="overwriteSchema")
old_rows = at(0)
run_1 = good_run
