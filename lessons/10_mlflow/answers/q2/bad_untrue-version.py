write(wide)
old_rows = at(0)
run_1 = logged(params(data_version=0)).info.run_id
