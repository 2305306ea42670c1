write(wide, mode="append")
old_rows = at(0)
run_1 = good_run
