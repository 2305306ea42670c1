write(wide)
old_rows = at(0)
run_1 = logged(params(data_version="latest")).info.run_id
