write(wide)
old_rows = at(0)
run_1 = logged(params(label="price")).info.run_id
