q1_table = given
run_0 = logged(params(data_version=1)).info.run_id
