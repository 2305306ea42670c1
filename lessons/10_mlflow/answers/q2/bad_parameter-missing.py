write(wide)
old_rows = at(0)
run_1 = logged(params(data_version=None, delta_version=VERSION)).info.run_id
