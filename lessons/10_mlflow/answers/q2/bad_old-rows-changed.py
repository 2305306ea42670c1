write(wide)
old_rows = at(0).query("part == 'fit'")
run_1 = good_run
