q1_table = given
run_0 = logged(params(data_path=work)).info.run_id
