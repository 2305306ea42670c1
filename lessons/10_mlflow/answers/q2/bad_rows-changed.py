write(wide.filter("part = 'fit'"))
old_rows = at(0)
run_1 = good_run
