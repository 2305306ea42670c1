q1_table = given
run_0 = logged(params(data_version="latest")).info.run_id
