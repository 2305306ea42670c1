write(wide)
old_rows = at(0)[["price", "part"]]
run_1 = good_run
