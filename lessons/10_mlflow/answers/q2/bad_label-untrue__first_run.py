write(wide)
old_rows = at(0)
run_1 = run_0
