q1_table = given
run_0 = logged(params(data_version=None, delta_version=VERSION)).info.run_id
