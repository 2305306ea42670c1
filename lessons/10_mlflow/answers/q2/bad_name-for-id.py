write(wide)
old_rows = at(0)
run_1 = logged(run_name="a line").info.run_name
