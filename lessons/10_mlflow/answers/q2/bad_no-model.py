write(wide)
old_rows = at(0)
run_1 = logged(model=None).info.run_id
